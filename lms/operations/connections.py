"""The server's socket with a bound for each address: whoever holds half of all connections gets no further one.

Half, since a school may sit behind one address, and a browser keeps six. A connection that says nothing for a minute
is closed by the server itself. The trusted proxy is everybody and has no bound here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
import waitress
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

SHARE = 2  # of how many parts of the connections one address may hold one
Accept = Callable[[], Any]
_log = structlog.get_logger("hmut.connections")


def create_server(app: Any, **options: Any) -> Any:
    """waitress's own server (see `listening.waitress_options`) that counts before it takes a connection."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, **options)
    for listener in [part for part in sockets.values() if isinstance(part, TcpWSGIServer)]:
        most, everybody = options["connection_limit"] // SHARE, options.get("trusted_proxy")
        listener.channel_class = _Channel
        listener.accept = partial(_accept, listener, listener.accept, most, everybody)
    return server


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """waitress's own asks the socket again and again whether it may write while a thread is sending through it."""

    def writable(self) -> Any:
        return super().writable() and not self._is_in_use()

    def _is_in_use(self) -> bool:
        """Whoever holds the lock sends himself, and pulls the server's trigger where something is left."""
        is_free = self.outbuf_lock.acquire(False)
        if is_free:
            self.outbuf_lock.release()
        return not is_free


def serve_until(stop: threading.Event, app: Any, **options: Any) -> None:
    """A server's life in a thread that no signal reaches: requests under way are answered first."""
    server = create_server(app, **options)
    threading.Thread(target=server.run, name="server", daemon=True).start()
    stop.wait()
    server.task_dispatcher.shutdown()


def _accept(listener: Any, accept: Accept, most: int, everybody: str | None) -> Any:
    """The next connection, or None where its address holds enough; it is closed then."""
    pair = accept()
    if pair is None or pair[1][0] == everybody:
        return pair
    connection, (address, *_) = pair
    if sum(channel.addr[0] == address for channel in listener.active_channels.values()) < most:
        return pair
    connection.close()
    _log.warning("connection refused", reason="one address holds its share")
    return None
