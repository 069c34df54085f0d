"""Work in a process of its own that is forked from one that has read everything: what every such process begins and
ends with."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import NoReturn

from flask import Flask

from lms.database import db

Life = Callable[[], int | None]  # all that a process does; returns its status, None for a good one


def fork(app: Flask, lock_file: int, life: Life) -> int:
    """The number of a new process whose whole life that is. lock_file: a file that only this process may hold. To be
    called before other threads begin."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()  # a connection must not be two processes'
    process = os.fork()
    if not process:
        os.close(lock_file)
        run_and_exit(life)
    return process


def run_and_exit(life: Life) -> NoReturn:
    """Live it and end the process, with status 1 where it fails; none of the parent's own endings happen here."""
    status = 1
    try:
        status = life() or 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)
