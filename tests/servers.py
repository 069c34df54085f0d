"""The real server, `python3 wsgi.py`, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from lms.config import ROOT


@dataclass(frozen=True)
class LiveServer:
    url: str
    process: subprocess.Popen[bytes]
    data: Path


_holders: list[socket.socket] = []  # no port is handed to anybody else before its server listens, or after


def free_port() -> int:
    """A port for a server that says SO_REUSEADDR, as ours do: it may listen where another only stands."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _holders.append(holder)
    return int(holder.getsockname()[1])


def free_ports(count: int) -> tuple[int, ...]:
    return tuple(free_port() for _ in range(count))


def start_server(data: Path, port: int, **environment: str) -> subprocess.Popen[bytes]:
    """`python3 wsgi.py` as a newcomer starts it, on a data folder and port of its own; returns once it answers."""
    surroundings = {**os.environ, "HMUT_DATA": str(data), "HMUT_PORT": str(port), **environment}
    surroundings.pop("DATABASE_URL", None) if "DATABASE_URL" not in environment else None
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "server.log").open("ab")
    process = subprocess.Popen([sys.executable, str(ROOT / "wsgi.py")], env=surroundings, stdout=log, stderr=log)
    for _ in range(1_200):  # a busy machine seeds the demo for minutes
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            if not _is_inventing((data / "server.log").read_text()):
                return process
            time.sleep(0.2)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError((data / "server.log").read_text()[-4000:])


def _is_inventing(said: str) -> bool:
    latest = said.rpartition("bringing the database")[2]
    return "the demo is made beside" in latest and "demo ready" not in latest
