"""`python -m tests.bench.publish`: what publishing one file costs with 2 and with 60 modules, and by two organisations;
the library read cold; a second start. Modules are copies of shipped ones; figures are CPU time, the median of five."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from lms import publishing
from lms.app import create_app
from lms.config import ROOT
from lms.content.content_files import read_files
from lms.content.load import library_from
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.publish import shipped_owner

TIMES = 5
COURSE = "courses/smm-foundations"
STEM = "03-value-for-business"
Files = dict[str, bytes]


def main() -> None:
    print("publishing one changed file (plan, write, render, read again), CPU ms")
    for modules in (2, 60):
        with tempfile.TemporaryDirectory() as folder:
            app = application(Path(folder))
            with app.app_context():
                figures(modules)
    print("cold read of the shipped library in a new process, and a second start's load, CPU ms")
    with tempfile.TemporaryDirectory() as folder:
        for what in ("first start", "second start"):
            print(f"  {what}: " + cold(folder))


def figures(modules: int) -> None:
    files = content(modules)
    start = time.process_time()
    report = publishing.publish(shipped_owner(), files)
    db.session.commit()
    first = time.process_time() - start
    assert not report.refused, report.findings[:3]
    other = Organisation(slug="other", name="Other")
    db.session.add(other)
    db.session.commit()
    one = next(path for path in files if path.endswith(".en.md"))
    shipped = median(lambda n: change(shipped_owner(), files, one, n, len(files)))
    own = median(lambda n: change(other.id, {one: files[one]}, one, n, 1))
    print(f"  {modules:>2} modules: all at first {first * 1000:.0f}, one of them {shipped:.1f}, "
          f"an organisation's own edition {own:.1f}")  # fmt: skip


def change(organisation: int, files: Files, path: str, number: int, _count: int) -> None:
    changed = {**files, path: files[path].replace(b"title: ", f"title: {number} ".encode(), 1)}
    assert publishing.publish(organisation, changed).published == 1
    db.session.commit()
    with publishing.content_of(organisation):
        publishing.library()


def median(act: Callable[[int], None]) -> float:
    times = []
    for number in range(TIMES):
        start = time.process_time()
        act(number)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def content(modules: int) -> Files:
    """The reference data and courses of ten copied modules each, with a bank of practice items for every module."""
    shipped = read_files(ROOT)
    files = {path: data for path, data in shipped.items() if path.startswith("quizzes/reference/")}
    for number in range(modules):
        files |= copied(shipped, 50 + number // 10, number % 10 + 1)
    for course in {50 + number // 10 for number in range(modules)}:
        files |= course_of(shipped, course, min(10, modules - (course - 50) * 10))
    return files


def course_of(shipped: Files, course: int, modules: int) -> Files:
    head = shipped[f"{COURSE}/course.yaml"].split(b"modules:")[0]
    head = head.replace(b"id: C1\n", f"id: C{course}\n".encode()).replace(
        b"slug: smm-foundations", f"slug: c{course}".encode()
    )
    names = "".join(f"  - {number:02}-copy\n" for number in range(1, modules + 1))
    return {f"courses/c{course}/course.yaml": head + f"modules:\n{names}".encode()} | {
        path.replace("smm-foundations", f"c{course}"): data
        for path, data in shipped.items()
        if path.startswith((f"{COURSE}/figures/", f"{COURSE}/sheets/"))
    }


def copied(shipped: Files, course: int, number: int) -> Files:
    """A module under ids of its own; links to other modules become links to itself."""
    files: Files = {}
    ids = item_ids(shipped)
    for language in ("hy", "en"):
        files[f"courses/c{course}/{number:02}-copy.{language}.md"] = renamed(
            shipped[f"{COURSE}/{STEM}.{language}.md"], ids, course, number
        )
    bank = renamed(shipped[f"quizzes/practice/smm-foundations/{STEM}.md"], ids, course, number)
    files[f"quizzes/practice/c{course}/{number:02}-copy.md"] = bank
    return files


def renamed(source: bytes, ids: list[str], course: int, number: int) -> bytes:
    text = source.decode()
    for name in ids:
        text = text.replace(name, f"n{course}x{number}-{name}")
    text = text.replace("slug: value-for-business", "slug: copy").replace(
        f"smm-foundations/{STEM}", f"c{course}/{number:02}-copy"
    )
    text = text.replace("C1.3\n", f"C{course}.{number}\n").replace("course: C1\n", f"course: C{course}\n")
    text = text.replace("module:C1.", "https://example.org/").replace("module:C2.", "https://example.org/")
    return unlike(text, f"{course}{number}").encode()


def unlike(text: str, word: str) -> str:
    """No two stems may be alike."""
    return text.replace("\n### en\n\n", f"\n### en\n\n{word} ").replace("\n### hy\n\n", f"\n### hy\n\n{word} ")


def item_ids(shipped: Files) -> list[str]:
    return [item.id for item in library_from(shipped).banks[f"quizzes/practice/smm-foundations/{STEM}.md"].items]


def application(folder: Path) -> Flask:
    app = create_app({"HMUT_DATA": folder, "HMUT_DEMO": False, "SECRET_KEY": "bench", "TESTING": True,
                      "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'bench.db'}"})  # fmt: skip
    with app.app_context():
        upgrade()
    return app


def cold(folder: str) -> str:
    """`load` and `library` in a process of its own, which has parsed nothing yet."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BENCH_FOLDER": folder}
    command = [sys.executable, "-c", "from tests.bench.publish import start; start()"]
    return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def start() -> None:
    app = application(Path(os.environ["BENCH_FOLDER"]))
    with app.app_context():
        begin = time.process_time()
        publishing.library()
        read = time.process_time()
        publishing.load(ROOT)
        db.session.commit()
        print(f"library read {(read - begin) * 1000:.0f}, load {(time.process_time() - read) * 1000:.0f}")


if __name__ == "__main__":
    main()
