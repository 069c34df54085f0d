"""A process of its own for those who save beside heavy work, so that what is measured is the server's wait and not this
client's: it would take turns with whoever asks for the heavy work. Each line it reads is a crowd, each it prints the
seconds of their saves and how many were turned away."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lms.config import ROOT
from tests.storm.rush import Candidate


@dataclass(frozen=True)
class Savers:
    process: subprocess.Popen[str]

    def run(self, crowd: list[Candidate], count: int, pause: float) -> list[float]:
        """Seconds of each save, when all have saved so often."""
        people = [[one.port, one.cookie, one.csrf] for one in crowd]
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([people, count, pause]) + "\n")
        self.process.stdin.flush()
        times, errors = json.loads(self.process.stdout.readline())
        if errors:
            print(f"  {errors} candidates were turned away", flush=True)
        return [float(time) for time in times]


@contextmanager
def savers() -> Iterator[Savers]:
    run = [sys.executable, "-m", "tests.bench.savers"]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield Savers(process)


def main() -> None:
    for line in sys.stdin:
        people, count, pause = json.loads(line)
        crowd = [Candidate(*person) for person in people]
        threads = [threading.Thread(target=one.sit, args=(random.uniform(0, pause), count, pause)) for one in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(json.dumps([[wait for one in crowd for wait in one.saves], sum(one.errors for one in crowd)]), flush=True)


if __name__ == "__main__":
    main()
