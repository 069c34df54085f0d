"""One PDF by typst, in a process of its own: `python -m lms.report.typeset TEMPLATE SECONDS < data > pdf`.

typst weighs 81 MB on disk and stays in a process's memory once it is loaded, so no server loads it and no first start
waits for it: it is installed beside the first requests (`--fetch`), or here when a PDF is wanted earlier.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from contextlib import redirect_stdout
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = ("requirements.txt", "lms/report/requirements.txt")

AWAY = 75  # status where typst is not there yet and could not be had just now

FETCH = sys.argv[1:] == ["--fetch"]
if FETCH or importlib.util.find_spec("typst") is None:
    try:
        with redirect_stdout(sys.stdout if FETCH else sys.stderr):  # else standard output is the PDF's
            runpy.run_path(str(HERE.parent / "operations" / "bootstrap.py"))["enter"](*LOCKS)
    except SystemExit as error:
        print(error, file=sys.stderr)
        sys.exit(AWAY)
    importlib.invalidate_caches()

try:
    import typst
except ImportError:  # it is being unpacked beside us
    sys.exit(AWAY)


def main(template: str, seconds: str) -> None:
    """typst's own words and status 1 where the template fails."""
    try:
        document = typst.compile(
            HERE / f"{template}.typ",
            root=HERE,
            font_paths=[HERE / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"data": sys.stdin.buffer.read().decode()},
            pdf_standards="ua-1",
            timestamp=int(seconds),
        )
    except Exception as error:
        raise SystemExit(str(error)) from None
    assert isinstance(document, bytes)
    sys.stdout.buffer.write(document)


if __name__ == "__main__" and not FETCH:
    main(*sys.argv[1:])
