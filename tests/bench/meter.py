"""What a server on either engine costs: CPU of its process and of PostgreSQL's, requests and bytes, part by part."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests import machine
from tests.bench.walker import Client


@dataclass
class Meter:
    """CPU-seconds, requests and bytes of each part."""

    processes: list[int]
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    requests: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @contextmanager
    def part(self, name: str, client: Client) -> Iterator[None]:
        before, requests, received = self.now(), client.requests, client.bytes
        yield
        self.cpu[name] += self.now() - before
        self.requests[name] += client.requests - requests
        self.bytes[name] += client.bytes - received

    def now(self) -> float:
        return sum(cpu_of(pid) for pid in self._all())

    def _all(self) -> list[int]:
        found = list(self.processes)
        for pid in self.processes[1:]:
            found += [child.pid for child in psutil.Process(pid).children(recursive=True)]
        return found


def cpu_of(pid: int) -> float:
    """CPU-seconds of all threads of a process so far, to the nanosecond: the kernel's clock of that process."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # a backend that has ended
        return 0.0


def address_of(url: str, folder: Path) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{folder / 'data' / 'hmut.db'}"


@contextmanager
def engine(name: str, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A database's address and the processes that work for it; "" for SQLite, which works in the server's own."""
    if name == "sqlite":
        yield "", []
        return
    folder.chmod(0o755)
    home = folder / "postgresql"
    yield machine.postgresql(home), [machine._server(home).get_pid()]
