"""The server itself, before the application hears of a request: slow clients, nonsense, and what it tells of itself."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.operations.connections import create_server
from lms.operations.listening import waitress_options
from tests.servers import free_port


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The application behind the real server."""
    app.config["HMUT_PORT"] = free_port()
    server = create_server(app, **waitress_options(app))
    threading.Thread(target=server.run, daemon=True).start()
    yield app.config["HMUT_PORT"]
    server.close()
    server.task_dispatcher.shutdown()


def talk(port: int, request: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as call:
        call.sendall(request)
        try:
            return b"".join(iter(lambda: call.recv(65_536), b"")).decode("latin-1")
        except ConnectionResetError:  # it closed while we still sent
            return ""


HEAD = b"Host: 127.0.0.1\r\nConnection: close\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_few_hundred_slow_clients_do_not_shut_the_door(port: int) -> None:
    unfinished = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nemail="
    slow = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(300)]
    for call in slow:
        call.sendall(unfinished)
    assert talk(port, HEALTH).startswith("HTTP/1.1 200")
    for call in slow:
        call.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(("proxy", "held"), [("", 10), ("127.0.0.1", 20)])
def test_one_address_holds_half_of_the_connections_at_most(app: Flask, proxy: str, held: int) -> None:
    """The slow ones stay: another address still finds a free place. A trusted proxy speaks for everybody."""
    app.config |= {"HMUT_PORT": free_port(), "HMUT_PROXY": proxy}
    server = create_server(app, **waitress_options(app) | {"connection_limit": 20})
    slow = [socket.create_connection(("127.0.0.1", app.config["HMUT_PORT"]), timeout=60) for _ in range(20)]
    for _ in range(25):  # nobody else polls, so every connection that waits is looked at here
        server.handle_accept()
    assert len(server.active_channels) == held
    other = socket.create_connection(("127.0.0.1", app.config["HMUT_PORT"]), 10, source_address=("127.0.0.2", 0))
    if not proxy:
        server.handle_accept()
        assert sorted({channel.addr[0] for channel in server.active_channels.values()}) == ["127.0.0.1", "127.0.0.2"]
    for call in (*slow, other):
        call.close()
    server.close()
    server.task_dispatcher.shutdown()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_while_a_thread_sends_the_server_does_not_ask_again_and_again_whether_it_may(app: Flask) -> None:
    """That loop took a whole core from the threads that answer, and most of all saves with it."""
    app.config["HMUT_PORT"] = free_port()
    server = create_server(app, **waitress_options(app))
    with socket.create_connection(("127.0.0.1", app.config["HMUT_PORT"]), timeout=60):
        server.handle_accept()
        (channel,) = server.active_channels.values()
        channel.total_outbufs_len = 1
        sending, sent = threading.Event(), threading.Event()

        def send() -> None:
            with channel.outbuf_lock:
                sending.set()
                sent.wait(60)

        thread = threading.Thread(target=send)
        thread.start()
        assert sending.wait(60) and not channel.writable()
        sent.set()
        thread.join(60)
        assert channel.writable(), "what a thread could not send is left to the server"
        channel.total_outbufs_len = 0
    server.close()
    server.task_dispatcher.shutdown()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_long_page_comes_whole_to_whoever_reads_slowly(app: Flask, port: int) -> None:
    page = b"0123456789" * 500_000
    app.add_url_rule("/long", "long", lambda: page)
    with socket.socket() as call:
        call.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        call.settimeout(60)
        call.connect(("127.0.0.1", port))
        call.sendall(b"GET /long HTTP/1.1\r\n" + HEAD + b"\r\n")
        reply = b"".join(iter(lambda: call.recv(65_536), b""))
    assert reply.endswith(page) and reply.startswith(b"HTTP/1.1 200")


NONSENSE = {
    "no request at all": b"GARBAGE\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + HEAD + b"\r\n",
    "a length below zero": b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Content-Length: -5\r\n\r\n",
    "a length beyond reason": b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Content-Length: 9999999999999\r\n\r\n",
    "a broken chunk": b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n0\r\n\r\n",
    "a long address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a long head": b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 60_000 + b"\r\n\r\n",
    "a trace": b"TRACE / HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a NUL": b"GET /\0 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a broken origin": b"POST /language HTTP/1.1\r\n" + HEAD + b"Origin: http://[::1\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nonsense_is_refused_and_nobody_learns_what_runs_here(port: int) -> None:
    for name, request in NONSENSE.items():
        reply = talk(port, request)
        assert re.match(r"HTTP/1\.[01] 4\d\d|$", reply), f"{name}: {reply[:60]}"
        assert not re.search(r"waitress|werkzeug|python|flask|Traceback", reply, re.IGNORECASE), name
    assert talk(port, HEALTH).startswith("HTTP/1.1 200")
