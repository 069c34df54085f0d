"""Server processes that a storm starts, kills and replaces."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class House:
    """A server on each port and, with `spare`, a warm one waiting to take its place."""

    url: str
    data: Path
    ports: tuple[int, ...]
    mutant: str = ""
    wrapper: tuple[str, ...] = ()
    spare: bool = True
    running: dict[int, subprocess.Popen[str]] = field(default_factory=dict)
    waiting: dict[int, subprocess.Popen[str]] = field(default_factory=dict)

    def __enter__(self) -> House:
        for port in self.ports:
            self.waiting[port] = self._warm(port)
            self.replace(port)
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.running.values(), *self.waiting.values()):
            assert process.stdin
            process.stdin.close()
            process.wait(20)

    def kill(self, port: int) -> None:
        """kill -9, and a new server on the same port as soon as the old one is gone."""
        self.running[port].kill()
        self.running[port].wait()
        self.replace(port)

    def replace(self, port: int) -> None:
        process = self.waiting.pop(port)
        assert process.stdout and process.stdin
        if (said := process.stdout.readline().strip()) != "warm":
            raise RuntimeError(f"the server did not start: {said}\n{(self.data / 'server.log').read_text()[-3000:]}")
        process.stdin.write("go\n")
        process.stdin.flush()
        self.running[port] = process
        if self.spare:
            self.waiting[port] = self._warm(port)

    def _warm(self, port: int) -> subprocess.Popen[str]:
        settings = {**os.environ, "HMUT_DATA": str(self.data), "DATABASE_URL": self.url, "STORM_MUTANT": self.mutant}
        settings |= {"HMUT_BASE_URL": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
        command = [*self.wrapper, sys.executable, "-m", "tests.storm.server", str(port)]
        with (self.data / "server.log").open("a") as log:
            return subprocess.Popen(command, cwd=ROOT, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=log, text=True)  # fmt: skip
