"""Make `.venv` match the lock files, then go on inside it. Standard library only: nothing is installed yet."""

from __future__ import annotations

import fcntl
import hashlib
import math
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "hmut-locks"
INSTALLER = Path(__file__).with_name("installer.txt")  # uv, exact and hash-checked as everything else
OLDEST = (3, 11, 2)
INCOMPLETE = "Python's venv is incomplete here; on Debian or Ubuntu: apt install python3-venv"
QUICKER = 0.85  # of the time; below it another build of the same Python is worth a word
WORK = "table = {}\nfor number in range(20000): table[number % 100] = len(str(number))"
RACE = (
    f"import sys, timeit; assert sys.version_info >= {OLDEST}; print(min(timeit.repeat({WORK!r}, number=1, repeat=7)))"
)
WHO = "import sys; print(ascii(sys.prefix), *sys.version_info[:2])"
# A pip.conf that says --user would not install into .venv; uv shall trust whom the machine trusts, as pip is told to.
INSTALLING = {"PIP_USER": "0", "UV_SYSTEM_CERTS": "1"}


def enter(*locks: str) -> None:
    """Install the lock files named (paths from the project's root) if needed and re-run this command inside `.venv`.

    Returns only when the running interpreter already is the environment's own. Exits with one line where the machine
    lacks something that cannot be installed from here.
    """
    sys.excepthook = _say_interrupted
    if sys.version_info < OLDEST:
        raise SystemExit(f"Hmut needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}.")
    try:
        _ensure([ROOT / lock for lock in locks])
    except OSError as error:
        raise SystemExit(
            f"Hmut cannot set itself up: {error.strerror}: {error.filename}. "
            f"Run this once as somebody who may write in {ROOT}."
        ) from None
    # What is imported is compiled once; where Python may not keep bytecode, every start would take seconds more.
    sys.dont_write_bytecode = False
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        command = [str(PYTHON), *sys.orig_argv[1:]]
        os.execv(command[0], command)  # noqa: S606


def _ensure(locks: list[Path]) -> None:
    """Nothing where the environment already satisfies the locks; a read-only folder is enough then."""
    wanted = set(map(_digest, locks))
    if _satisfies(wanted):
        return
    with _alone():
        if _satisfies(wanted):
            return
        if not _is_whole():
            _create()
        _say("installing " + " and ".join(str(lock.relative_to(ROOT)) for lock in locks))
        STAMP.write_text("begun")  # whoever finds this word after a crash begins anew
        with _compiling():
            _run_installer([part for lock in locks for part in ("-r", str(lock))])
        STAMP.write_text("\n".join([_identity(), *sorted(wanted)]))


def has(lock: str) -> bool:
    """Whether this lock is installed as it stands now."""
    return _satisfies({_digest(ROOT / lock)})


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _satisfies(wanted: set[str]) -> bool:
    """The stamp holds who the environment's Python was and the digests of the locks that were installed."""
    identity, *present = STAMP.read_text().splitlines() if STAMP.is_file() else [""]
    return wanted <= set(present) and identity == _identity()


def _identity() -> str:
    """Folder and version of the environment's Python; both change what is installed: a moved folder breaks the
    commands in it, a newer Python looks elsewhere for packages. Empty when it does not run."""
    if sys.prefix == str(ENVIRONMENT):
        return " ".join((ascii(sys.prefix), *map(str, sys.version_info[:2])))
    try:
        return subprocess.run([PYTHON, "-I", "-c", WHO], capture_output=True, text=True).stdout.strip()  # noqa: S603
    except OSError:
        return ""


def _is_whole() -> bool:
    """Whether packages can be installed into it: its own Python runs here, and no installation broke off."""
    broken_off = STAMP.is_file() and STAMP.read_text() == "begun"
    return not broken_off and _identity().startswith(ascii(str(ENVIRONMENT)))


def _create() -> None:
    python = _quicker_build()
    _say(f"making .venv with {python}, which is quicker than {sys.executable}" if python else "making .venv")
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    if python and _call([python, "-m", "venv", "--without-pip", str(ENVIRONMENT)], quiet=True):
        return
    try:
        venv.create(ENVIRONMENT)  # without pip: unpacking one takes longer than all that we install
    except (subprocess.CalledProcessError, ImportError):
        raise SystemExit(INCOMPLETE) from None


def _quicker_build() -> str:
    """The distribution's build of the same Python where it is clearly quicker, else none: distributions let a profile
    guide the compiler, version managers seldom do, and all that Hmut does then takes a third longer."""
    other, base = "/usr/bin/python{}.{}".format(*sys.version_info), _base()
    is_another = os.path.realpath(other) != os.path.realpath(base)  # on a busy machine one may be quicker than itself
    return other if is_another and _seconds(other) < QUICKER * _seconds(base) else ""


def _seconds(python: str) -> float:
    """Of a little work; infinity where it does not run or is too old."""
    try:
        answer = subprocess.run([python, "-I", "-c", RACE], capture_output=True, text=True).stdout  # noqa: S603
    except OSError:
        return math.inf
    return float(answer or math.inf)


def _run_installer(arguments: list[str]) -> None:
    """uv takes seconds where pip takes half a minute; pip knows every mirror setting, so it is the fallback. The pip of
    the Python that made the environment serves, else one is unpacked."""
    pip = ["pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = ["uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    has_uv = _has_uv() or _fetch_uv(_base(), pip) or (_run("ensurepip", quiet=True) and _fetch_uv(str(PYTHON), pip))
    if has_uv and _run(*uv, *arguments, quiet=True):
        return
    if not has_uv and not _run("pip", "--version", quiet=True):
        raise SystemExit(INCOMPLETE)
    _say("installing with pip, which takes a little longer")
    if not _run(*pip, *arguments):
        raise SystemExit("The packages could not be installed; the lines above say why. Then run the command again.")


def _has_uv() -> bool:
    """Whether the environment holds the installer in the very version."""
    name = INSTALLER.read_text("utf-8").split()[0].replace("==", "-")
    return any(ENVIRONMENT.glob(f"lib/python*/site-packages/{name}.dist-info"))


def _fetch_uv(python: str, pip: list[str]) -> bool:
    """By this Python's pip, straight to its place: sent there by `--python`, pip would begin a second time."""
    (place,) = ENVIRONMENT.glob("lib/python*/site-packages")
    options = ["--no-deps", "--no-compile", "--upgrade", "--target", str(place), "-r", str(INSTALLER)]
    return _call([python, "-m", *pip, *options], quiet=True)


def _run(*module: str, quiet: bool = False) -> bool:
    """`python -m …` of the environment."""
    if module[0] == "pip" and not any(ENVIRONMENT.glob("lib/python*/site-packages/pip")):
        return _call([_base(), "-m", "pip", "--python", str(PYTHON), *module[1:]], quiet)
    return _call([str(PYTHON), "-m", *module], quiet)


def _base() -> str:
    """The Python that makes the environment."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _call(command: list[str], quiet: bool) -> bool:
    """quiet: where another way follows and speaks for itself."""
    stdout, stderr = subprocess.DEVNULL, subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=os.environ | INSTALLING, stdout=stdout, stderr=stderr).returncode == 0  # noqa: S603


@contextmanager
def _compiling() -> Iterator[None]:
    """Beside the installing, which mostly waits for the network, our own modules are compiled; where that fails, the
    first import does it."""
    command = [str(PYTHON), "-m", "compileall", "-q", str(ROOT / "lms")]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as compiler:  # noqa: S603
        try:
            yield
        except BaseException:
            compiler.kill()
            raise


@contextmanager
def _alone() -> Iterator[None]:
    """Of two commands that start together the second waits until the first has set the machine up."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("waiting for another command that is setting this folder up")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _say_interrupted(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C needs no traceback: whatever was under way is taken up by the next start."""
    if issubclass(kind, KeyboardInterrupt):
        _say("interrupted")
    else:
        sys.__excepthook__(kind, error, trace)


def _say(text: str) -> None:
    print(f"hmut: {text}", flush=True)
