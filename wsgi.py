"""The WSGI application; run as a script it sets the machine up and serves it: `python3 wsgi.py`.

`python3 wsgi.py --install` only installs what the program needs into `.venv` and touches no data.
"""

import gc
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    installs = sys.argv[1:] == ["--install"]  # everything; a start leaves what draws PDFs for later
    locks = ("requirements.txt", "lms/report/requirements.txt") if installs else ("requirements.txt",)
    runpy.run_path(str(Path(__file__).with_name("lms") / "operations" / "bootstrap.py"))["enter"](*locks)
    if installs:
        print("hmut: installed")
        sys.exit()

if __name__ == "__main__":
    gc.disable()  # all that is imported stays

from lms.app import create_app
from lms.operations.serve import serve

app = create_app()

if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 100)  # most of what a start reads stays too: `serve` sets it once more after that
    serve(app)
