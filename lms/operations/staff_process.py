"""Pages of staff are answered by a process of their own, since what they compute would take turns with every save.

The server hands over the request as WSGI has it, a connection for each, and passes on what comes back: cookies, forms,
files, the asker's address and all headers are untouched. Where that process is away for a moment, the asker is told to
come again.
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.wsgi import ClosingIterator

from lms.operations import metrics
from lms.operations.handover_socket import HELLO, HandoverSocket, StaffAway, Wire, blocks, get, put
from lms.web import lanes

REST = 300.0  # seconds without a request
IN_MEMORY = 1 << 20  # bytes of a form that are held in memory
BLOCK = 1 << 16  # bytes handed on together
Environ = dict[str, Any]
_log = structlog.get_logger("hmut.staff")


class StaffHandover:
    """The application as the server calls it: heavy pages are handed over."""

    def __init__(self, app: Flask, door: HandoverSocket) -> None:
        self.app, self.door = app, door
        self.is_open = True
        heavy = [rule for rule in app.url_map.iter_rules() if lanes.is_heavy(app.view_functions[rule.endpoint])]
        self.begin = {rule.rule.split("/")[1] for rule in heavy}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        rule = self._rule(environ) if self.is_open else None
        reply = self._handed(rule, environ, start_response) if rule else None
        return self.app(environ, start_response) if reply is None else reply

    def _rule(self, environ: Environ) -> Rule | None:
        """The route where it is one for the other process."""
        if environ["PATH_INFO"].partition("/")[2].partition("/")[0] not in self.begin:
            return None
        try:
            rule, _ = self.app.url_map.bind_to_environ(environ).match(return_rule=True)
        except (HTTPException, ValueError):
            return None
        return rule if lanes.is_heavy(self.app.view_functions[rule.endpoint]) else None

    def _handed(self, rule: Rule, environ: Environ, start_response: Any) -> Iterable[bytes] | None:
        """The other process's reply; None where it is away, and the server says so."""
        lane: lanes.Lane = self.app.extensions["staff_lane"]
        if not lane.enter():
            environ[lanes.PAUSE] = True
            return None
        try:
            reply = self._reply(rule, environ, start_response)
        except StaffAway:
            lane.leave()
            environ[lanes.PAUSE] = True
            return None
        except BaseException:
            lane.leave()
            raise
        return ClosingIterator(reply[1], [reply[0], lane.leave])

    def _reply(self, rule: Rule, environ: Environ, start_response: Any) -> tuple[Callable[[], None], Iterator[bytes]]:
        begun = time.perf_counter()
        connection = self.door.connect()
        wire = connection.makefile("rwb")

        def close() -> None:
            with suppress(OSError):
                wire.close()
            connection.close()

        try:
            _ask(wire, environ)
            status, headers = json.loads(get(wire))
        except (OSError, StaffAway):
            close()
            _log.warning("the process for staff is away", route=rule.rule)
            raise StaffAway from None
        metrics.count(self.app, rule.rule, status[:3], time.perf_counter() - begun)
        start_response(status, [(name, value) for name, value in headers])
        return close, blocks(wire)


def _ask(wire: Wire, environ: Environ) -> None:
    plain = {name: value for name, value in environ.items() if isinstance(value, str)}
    put(wire, json.dumps(plain).encode())
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left and (block := environ["wsgi.input"].read(min(left, BLOCK))):
        put(wire, block)
        left -= len(block)
    put(wire, b"")
    wire.flush()


# The other side


def answer(app: Flask, door: HandoverSocket, stop: threading.Event) -> None:
    """The life of the process for staff: take what is handed over, each in a thread; the lane bounds how many. It ends
    when it has worked and then rested, since the memory that it took for pages stays its own until then."""
    door.staff.settimeout(REST)
    begun: list[threading.Thread] = []
    while not stop.is_set():
        try:
            thread = threading.Thread(target=_serve, args=(app, door.accept()), daemon=True)
        except TimeoutError:
            if begun and not any(each.is_alive() for each in begun):
                return
            continue
        thread.start()
        begun = [each for each in begun if each.is_alive()] + [thread]


def _serve(app: Flask, connection: socket.socket) -> None:
    """One request. Where the server has gone away meanwhile there is nobody to tell."""
    with suppress(OSError, StaffAway), connection, connection.makefile("rwb") as wire:
        connection.sendall(HELLO)
        environ = json.loads(get(wire))
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            for block in blocks(wire):
                body.write(block)
            body.seek(0)
            _write_reply(app, wire, environ | _of_wsgi(body))


def _of_wsgi(body: Any) -> Environ:
    return {
        "wsgi.version": (1, 0),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _write_reply(app: Flask, wire: Wire, environ: Environ) -> None:
    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        put(wire, json.dumps([status, headers]).encode())

    parts: Any = app(environ, start_response)
    try:
        for part in filter(None, parts):
            put(wire, part)
        put(wire, b"")
    finally:
        getattr(parts, "close", lambda: None)()
