"""`python3 -m tests`: set the machine up, then linters, types, content and every test.

`python3 -m tests storm` runs the long storms; other arguments go to pytest.
"""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "lms/report/requirements.txt", "tests/requirements.txt")
runpy.run_path(str(ROOT / "lms" / "operations" / "bootstrap.py"))["enter"](*LOCKS)

from tests import suite  # noqa: E402
from tests.storm.long import main as storm  # noqa: E402

if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(storm(arguments[1:]) if arguments[:1] == ["storm"] else suite.run(arguments))
