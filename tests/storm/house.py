"""Server processes that a storm starts, kills and replaces."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lms.config import ROOT
from tests.storm import nursery


@dataclass
class House:
    """One server on each port, all forked from one process that has the application loaded. mutant: how those that are
    forked from now on cheat."""

    url: str
    data: Path
    ports: tuple[int, ...]
    mutant: str = ""
    wrapper: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)

    def __enter__(self) -> House:
        settings = {**os.environ, "HMUT_DATA": str(self.data), "DATABASE_URL": self.url} | self.settings
        with (self.data / "server.log").open("a") as log:
            self._bear(settings, log)
        if (said := self._hear()) != "warm":
            raise RuntimeError(f"the server did not start: {said}\n{(self.data / 'server.log').read_text()[-3000:]}")
        for port in self.ports:
            self._serve(port)
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody is left when nobody holds the other end."""
        self.ear.close()
        self.mouth.read()
        self.mouth.close()

    def _bear(self, settings: dict[str, str], log: IO[str]) -> None:
        """The mother of the servers, who reads what is said into `ear` and answers with `mouth`. One that something is
        wrapped around starts from nothing."""
        (hears, ear), (mouth, speaks) = os.pipe(), os.pipe()
        self.ear, self.mouth = os.fdopen(ear, "w"), os.fdopen(mouth)
        if self.wrapper:
            command = [*self.wrapper, sys.executable, "-m", "tests.storm.server"]
            subprocess.Popen(command, cwd=ROOT, env=settings, stdin=hears, stdout=speaks, stderr=log)
        else:
            nursery.born(settings, (hears, speaks, log.fileno()))
        os.close(hears)
        os.close(speaks)

    def kill(self, port: int) -> None:
        """kill -9, and a new server on the same port as soon as the old one is gone."""
        os.kill(self.running[port], signal.SIGKILL)
        while Path(f"/proc/{self.running[port]}").exists():
            time.sleep(0.001)
        self._serve(port)

    def listening(self, port: int) -> None:
        """Until somebody answers there; whoever asks once and no more needs it."""
        for _ in range(2000):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 10):
                return
            time.sleep(0.01)
        raise RuntimeError(f"nobody listens on {port}")

    def _serve(self, port: int) -> None:
        print(port, self.mutant, file=self.ear, flush=True)
        self.running[port] = int(self._hear())

    def _hear(self) -> str:
        return self.mouth.readline().strip()
