"""F2: the database itself goes away under the storm."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from tests import machine
from tests.storm.house import House
from tests.storm.kill import Strike

HOLD = (
    "import sqlite3, sys, time\n"
    "connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n"
    "connection.execute('BEGIN IMMEDIATE')\n"
    "time.sleep(float(sys.argv[2]))\n"
)


def crash(folder: Path) -> Strike:
    """kill -9 of all processes of the PostgreSQL server in that folder, and its restart."""

    def strike(_house: House, _chance: random.Random) -> None:
        machine.crash_postgresql(folder)

    return strike


def lock(file: Path, seconds: float) -> Strike:
    """Another process holds SQLite's write lock so long."""

    def strike(_house: House, _chance: random.Random) -> None:
        subprocess.run([sys.executable, "-c", HOLD, str(file), str(seconds)], check=True)

    return strike
