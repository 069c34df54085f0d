"""F3a: no "saved" before the disk has it. kill -9 cannot show a missing sync, only the order of system calls can."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.servers import free_ports
from tests.storm.clients import Client
from tests.storm.house import House
from tests.storm.kill import wait_for
from tests.storm.ledger import Ledger
from tests.storm.stage import Sitter, application, sitters

CALLS = "trace=fdatasync,fsync,sendto,sendmsg,write"
SYNCED = re.compile(r"^(\d+) +(?:fdatasync|fsync)\(\d+<[^>]*-wal>\) += 0")
SYNC_BEGUN = re.compile(r"^(\d+) +(?:fdatasync|fsync)\(\d+<[^>]*-wal> <unfinished")
SYNC_ENDED = re.compile(r"^(\d+) +<\.\.\. (?:fdatasync|fsync) resumed>.*= 0")
REPLY = re.compile(r'^\d+ +(?:sendto|sendmsg|write)\(\d+<[^>]*(?:TCP|socket)[^>]*>.*"?HTTP/1\.1 200')


@dataclass(frozen=True)
class Order:
    """replies: acknowledgements sent; early: those with no finished sync of the log since the one before."""

    replies: int
    early: int


def require_strace() -> str:
    """The path of strace; installed where that is possible, else an error that says what to do."""
    if not shutil.which("strace") and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], check=False, stdout=subprocess.DEVNULL)
    if path := shutil.which("strace"):
        return path
    raise RuntimeError("the order of disk and reply is read with strace: install the package strace")


def traced(url: str, data: Path, answers: int, cheated: int) -> tuple[Order, Order]:
    """One client, one answer after the other, against a traced SQLite server; then another against one in its place
    that does not wait for the disk."""
    app, trace = application(url, data), data / "trace"
    wrapper = (require_strace(), "-f", "--seccomp-bpf", "-yy", "-qq", "-s", "16", "-e", CALLS, "-o", str(trace))
    first, second = sitters(app, 2)
    with House(url, data, free_ports(1), wrapper=wrapper) as house:
        _answer(house, first, answers)
        honest = trace.read_text(errors="replace")
        house.mutant = "synchronous_normal"
        house.kill(house.ports[0])
        _answer(house, second, cheated)
    return order_of(honest), order_of(trace.read_text(errors="replace").removeprefix(honest))


def _answer(house: House, sitter: Sitter, answers: int) -> None:
    ledger, stop = Ledger(), threading.Event()
    thread = threading.Thread(target=Client(sitter, house.ports, ledger, stop, Random(1)).run)
    thread.start()
    wait_for(ledger, answers)
    stop.set()
    thread.join()


def order_of(trace: str) -> Order:
    """Read a trace of all threads in the order in which their calls ended."""
    syncing: set[str] = set()
    synced = replies = early = 0
    for line in trace.splitlines():
        if begun := SYNC_BEGUN.match(line):
            syncing.add(begun[1])
        elif (ended := SYNC_ENDED.match(line)) and ended[1] in syncing:
            syncing.discard(ended[1])
            synced += 1
        elif SYNCED.match(line):
            synced += 1
        elif REPLY.match(line):
            replies, early, synced = replies + 1, early + (synced == 0), 0
    return Order(replies, early)
