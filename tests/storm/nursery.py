"""One process that has imported the product, from which the storms' mothers (`tests.storm.server`) are forked: to
import it costs two seconds, and a suite starts a dozen. A house sends its environment and its three files.

What a house serves, kills and replaces are processes of their own as before, with an application and connections that
were made after the fork.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

from lms.config import ROOT


def born(environment: Mapping[str, str], files: tuple[int, int, int]) -> None:
    """A new mother with this environment, and these for input, output and errors."""
    wire = _nursery()
    told = json.dumps(dict(environment)).encode()
    socket.send_fds(wire, [len(told).to_bytes(4, "big")], files)
    wire.sendall(told)
    if wire.recv(1) != b"!":
        raise RuntimeError("the storm's nursery is gone")


@cache
def _nursery() -> socket.socket:
    """It ends with this process, which closes the wire."""
    here, there = socket.socketpair()
    command = [sys.executable, "-m", "tests.storm.nursery", str(there.fileno())]
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[there.fileno()])
    there.close()
    atexit.register(process.wait)
    atexit.register(here.close)  # before that
    return here


def main() -> None:
    from tests.storm import server

    wire = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        length, files, _, _ = socket.recv_fds(wire, 4, 3)
        if not length:
            return
        environment = json.loads(wire.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
        if "STORM_CONTENT" in environment:
            server.read_content()
        if not os.fork():
            return _become(wire, environment, files)
        for file in files:
            os.close(file)
        wire.sendall(b"!")


def _become(wire: socket.socket, environment: dict[str, str], files: list[int]) -> None:
    from tests.storm import server

    wire.close()
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    server.main()


if __name__ == "__main__":
    main()
