"""The demo's people are made beside the first pages, in a process of their own: it sets its clock to days of the past.
A start that ends in the middle is taken up by the next."""

from __future__ import annotations

import mmap
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask

from lms.background import forked

NICE = 5  # steps that it stands behind the pages
LOOK = 0.2  # seconds between two looks at whether the server lives
MADE = b"1"


class DemoProcess:
    """What makes the people, from its first moment to its last. work: all there is to do. To be begun before other
    threads are."""

    def __init__(self, app: Flask, lock_file: int, work: Callable[[], None]) -> None:
        """held: a file that only the server may hold."""
        self._over = mmap.mmap(-1, 1)  # all processes that answer look at it
        self._process = forked.fork(app, lock_file, partial(_make, os.getpid(), work))
        app.extensions["hmut_demo_made"] = self.is_over

    def is_over(self) -> bool:
        return self._over[:1] == MADE

    def watch(self) -> Callable[[], None]:
        """Note its end; the function that is returned brings it about."""
        watch = threading.Thread(target=self._await, name="watch the demo", daemon=True)
        watch.start()

        def end() -> None:
            if not self.is_over():
                with suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGTERM)
            watch.join()

        return end

    def _await(self) -> None:
        os.waitpid(self._process, 0)
        self._over[:1] = MADE


def _make(server: int, work: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the server ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    os.nice(NICE)
    work()


def _end_with(server: int) -> None:
    while os.getppid() == server:
        time.sleep(LOOK)
    os._exit(1)
