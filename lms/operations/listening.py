"""Where and how the server listens, and where it refuses to."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from lms.config import LOOPBACK


def refuse(app: Flask) -> None:
    """Exit with one line, before anything is set up, where this server must not or cannot listen."""
    host, port = app.config["HMUT_HOST"], app.config["HMUT_PORT"]
    refuse_exposure(app.config["HMUT_DEMO"], host, urlsplit(app.config["HMUT_BASE_URL"]).hostname or "")
    refuse_processes(app)
    refuse_taken(host, port)


def refuse_exposure(demonstration: bool, host: str, known_as: str) -> None:
    """Exit where the demo could be reached from elsewhere, or where no browser could know our name."""
    if demonstration and not {host, known_as} <= set(LOOPBACK):
        raise SystemExit(
            "The demo lets anybody in, so it listens on this machine only. Set HMUT_DEMO=0 to serve others."
        )
    if known_as in ("0.0.0.0", "::"):  # noqa: S104
        raise SystemExit("Set HMUT_BASE_URL to the address that people type, for example https://hmut.example.am.")


def refuse_processes(app: Flask) -> None:
    if app.config["HMUT_PROCESSES"] > 1 and app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        raise SystemExit("SQLite has one writer, so one process serves it: HMUT_PROCESSES=1, or a PostgreSQL.")


def refuse_taken(host: str, port: int) -> None:
    """Tell at once, and not after the set-up, that nothing can listen there."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise SystemExit(
            f"Cannot listen on {host}, port {port}: {reason}. If Hmut already runs there, stop it, "
            f"or choose another port: HMUT_PORT={port + 1 if 1024 <= port < 65_535 else 8001} python3 wsgi.py"
        ) from None


def waitress_options(app: Flask) -> dict[str, Any]:
    """How the server listens. Connections are many, since browsers keep several open and a few hundred slow ones must
    not shut the door; a request's head is small, and a body may exceed the application's own limit, whose reply is a
    page."""
    return {
        **_place(app.config["HMUT_HOST"], app.config["HMUT_PORT"], app.config["HMUT_PROCESSES"]),
        "url_scheme": urlsplit(app.config["HMUT_BASE_URL"]).scheme,
        "threads": 16,
        "ident": None,
        "connection_limit": 800,
        "asyncore_use_poll": True,  # select() knows no descriptor above 1023
        "channel_timeout": 60,
        "cleanup_interval": 10,
        "max_request_header_size": 32_768,
        "max_request_body_size": 20_000_000,
        **_proxy(app.config["HMUT_PROXY"]),
    }


def _place(host: str, port: int, processes: int) -> dict[str, Any]:
    """Several processes take connections from one socket, whichever is free first."""
    if processes == 1:
        return {"host": host, "port": port}
    return {"sockets": [socket.create_server((host, port), family=_family(host))]}


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _proxy(address: str) -> dict[str, Any]:
    """Behind a proxy at this address the visitor's own address counts for the sign-in limits; no other is believed."""
    return {"trusted_proxy": address, "trusted_proxy_headers": {"x-forwarded-for"}} if address else {}
