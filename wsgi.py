"""The WSGI application; run as a script it sets the machine up and serves it: `python3 wsgi.py`.

`python3 wsgi.py --install` only installs what the program needs into `.venv` and touches no data.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("lms") / "operations" / "bootstrap.py"))["enter"]("requirements.txt")
    if sys.argv[1:] == ["--install"]:
        print("hmut: installed")
        sys.exit()

from lms.app import create_app
from lms.operations.serve import serve

app = create_app()

if __name__ == "__main__":
    serve(app)
