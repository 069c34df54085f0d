"""What lies between the server and the process for staff: a socket through which connections go, and on each of
them blocks of bytes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from io import BufferedRWPair

HELLO = b"."
WELCOME = 3.0  # seconds in which a process that lives takes a request
LONGEST = 330.0  # seconds until its reply begins: a PDF may have to wait for its typesetter (see `report.document`)
Wire = BufferedRWPair


class StaffAway(Exception):
    """The process for staff takes no request now, or died over it."""


class HandoverSocket:
    """Through which connections go to the process for staff: whichever process stands behind it takes the next."""

    def __init__(self) -> None:
        self.server, self.staff = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.server.settimeout(WELCOME)

    def connect(self) -> socket.socket:
        """A connection that somebody has taken. StaffAway where nobody does."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.server, [HELLO], [theirs.fileno()])
            ours.settimeout(WELCOME)
            if ours.recv(1) != HELLO:
                raise StaffAway
        except (OSError, StaffAway):
            ours.close()
            raise StaffAway from None
        ours.settimeout(LONGEST)
        return ours

    def accept(self) -> socket.socket:
        _, descriptors, _, _ = socket.recv_fds(self.staff, 1, 1)
        return socket.socket(fileno=descriptors[0])


# What goes over a connection: blocks of bytes, each after its length; an empty one ends what it belongs to.


def put(wire: Wire, block: bytes) -> None:
    wire.write(len(block).to_bytes(4, "big") + block)


def get(wire: Wire) -> bytes:
    """StaffAway where the other side ended before it had said all."""
    length = int.from_bytes(_exactly(wire, 4), "big")
    return _exactly(wire, length)


def _exactly(wire: Wire, length: int) -> bytes:
    block = wire.read(length)
    if len(block) < length:
        raise StaffAway
    return block


def blocks(wire: Wire) -> Iterator[bytes]:
    while block := get(wire):
        yield block
