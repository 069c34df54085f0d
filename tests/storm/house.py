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

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class House:
    """One server on each port, all forked from one process that has the application loaded."""

    url: str
    data: Path
    ports: tuple[int, ...]
    mutant: str = ""
    wrapper: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)

    def __enter__(self) -> House:
        settings = {**os.environ, "HMUT_DATA": str(self.data), "DATABASE_URL": self.url, "STORM_MUTANT": self.mutant}
        settings |= self.settings
        command = [*self.wrapper, sys.executable, "-m", "tests.storm.server"]
        with (self.data / "server.log").open("a") as log:
            self.mother = subprocess.Popen(command, cwd=ROOT, env=settings, stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, stderr=log, text=True)  # fmt: skip
        if (said := self._hear()) != "warm":
            raise RuntimeError(f"the server did not start: {said}\n{(self.data / 'server.log').read_text()[-3000:]}")
        for port in self.ports:
            self._serve(port)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.mother.stdin
        self.mother.stdin.close()
        self.mother.wait(20)

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
        assert self.mother.stdin
        self.mother.stdin.write(f"{port}\n")
        self.mother.stdin.flush()
        self.running[port] = int(self._hear())

    def _hear(self) -> str:
        assert self.mother.stdout
        return self.mother.stdout.readline().strip()
