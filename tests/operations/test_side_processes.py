"""What stands beside the server: processes that are kept, jobs that step back, pages of staff that are handed over."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from flask import Flask
from werkzeug.test import Client

from lms.background import forked, jobs
from lms.operations import connections, handover_socket, listening, side_processes, staff_process, supervisor
from lms.web import lanes
from tests import cast as cast_module
from tests.cast import Cast
from tests.servers import free_port


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1_500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")


def test_a_process_is_kept_steps_back_and_ends_when_told(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BREATH", 0.01)
    said, held = tmp_path / "said", os.open(tmp_path, os.O_RDONLY)

    def work(stop: threading.Event) -> None:
        with said.open("a") as file:
            file.write(f"{os.getpid()} {os.nice(0)}\n")
        stop.wait()

    def lines() -> list[str]:
        return said.read_text().splitlines() if said.exists() else []

    end = supervisor.supervise(app, [supervisor.Task("test", work, nice=3)], held, lambda: None)
    until(lambda: len(lines()) == 1)
    first, nice = map(int, lines()[0].split())
    assert first != os.getpid() and nice >= min(19, os.nice(0) + 3)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(lines()) == 2)
    second = int(lines()[1].split()[0])
    end()
    assert not psutil.pid_exists(second), "it has ended before the server goes on"
    os.close(held)
    gc.unfreeze()


def test_who_does_not_end_when_told_is_ended_before_the_server_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK", 0.0)
    deaf = subprocess.Popen(["sleep", "60"])
    supervisor._bury({deaf.pid: supervisor.Task("test", lambda _: None, grace=0.0)})
    with pytest.raises(ChildProcessError):
        os.waitpid(deaf.pid, os.WNOHANG)


def test_a_process_that_has_done_its_part_begins_anew_and_nobody_is_warned(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BREATH", 60)  # a process that died would wait for it
    said, held = tmp_path / "said", os.open(tmp_path, os.O_RDONLY)

    def work(_stop: threading.Event) -> None:
        with said.open("a") as file:
            file.write(".")

    end = supervisor.supervise(app, [supervisor.Task("test", work)], held, lambda: None)
    until(lambda: said.exists() and len(said.read_text()) > 1)
    end()
    os.close(held)
    gc.unfreeze()


def test_a_process_for_staff_ends_when_it_has_worked_and_rested(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it took for pages is its own until then; one that nobody asked has taken nothing."""
    monkeypatch.setattr(staff_process, "REST", 0.05)
    served = Served(app)
    served.open()
    time.sleep(0.2)
    assert served.staff.is_alive()
    served.sign_in(cast.ids["hr"])
    assert served.get("/team").status_code == 200
    until(lambda: not served.staff.is_alive())


def test_jobs_end_when_they_are_old_and_a_round_of_heavy_work_is_over(app: Flask) -> None:
    rounds: list[str] = []
    app.extensions["hmut_jobs"] = {
        jobs.QUICK: [lambda: rounds.append("quick")],
        jobs.HEAVY: [lambda: rounds.append("heavy")],
    }
    jobs.run_forever(app, NoPause(), life=0.2)
    assert set(rounds) == {"quick", "heavy"}


class NoPause(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(0.02)


def test_should_the_supervisor_die_the_server_does_the_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Flask] = []
    monkeypatch.setattr(jobs, "start_thread", begun.append)
    monkeypatch.setattr(supervisor, "_supervise", lambda *_: os._exit(1))
    over = staff_process.StaffHandover(app, handover_socket.HandoverSocket())
    supervisor.supervise(app, [], os.open(os.devnull, os.O_RDONLY), partial(side_processes._take_over, app, over, True))
    until(lambda: begun == [app])
    assert not over.is_open
    gc.unfreeze()


# Handing over. The process for staff is a thread here: what goes over the connection is the same.


class Served:
    """A browser of a server that hands over; `here` and `there` hold what each side answered."""

    def __init__(self, app: Flask) -> None:
        self.app, self.here, self.there = app, [], []
        self.inner, app.wsgi_app = app.wsgi_app, self.note  # type: ignore[method-assign]
        self.over = staff_process.StaffHandover(app, handover_socket.HandoverSocket())
        self.client = Client(self.over)
        self.get = partial(self.client.get, buffered=True)  # the reply is read and closed, as a server does

    def note(self, environ: dict[str, Any], start_response: Any) -> Any:
        main = threading.current_thread() is threading.main_thread()
        (self.here if main else self.there).append(environ["PATH_INFO"])
        return self.inner(environ, start_response)

    def open(self) -> None:
        run = partial(staff_process.answer, self.app, self.over.door, threading.Event())
        self.staff = threading.Thread(target=run, daemon=True)
        self.staff.start()

    def sign_in(self, person: int) -> None:
        browser = self.app.test_client()
        cast_module.sign_in(browser, person)
        cookie = browser.get_cookie("hmut")
        assert cookie is not None
        self.client.set_cookie("hmut", cookie.value)


@pytest.fixture
def served(app: Flask) -> Served:
    return Served(app)


def test_pages_of_staff_are_answered_there_and_all_else_here(served: Served, cast: Cast) -> None:
    served.open()
    served.sign_in(cast.ids["hr"])
    page = served.get("/team", headers={"Accept-Language": "en"})
    assert page.status_code == 200 and served.there == ["/team"] and not served.here
    assert page.headers["Content-Security-Policy"] and page.headers["X-Request-Id"]
    assert len(page.data) == int(page.headers["Content-Length"])
    assert served.client.head("/team", buffered=True).data == b""
    for path in ("/healthz", "/sign-in", "/nowhere", "/attempts/1"):
        served.get(path)
    assert len(served.here) == 4 and set(served.there) == {"/team"}
    figures = served.app.extensions["figures"].registry
    told = {"route": "/team", "status": "200"}
    assert figures.get_sample_value("hmut_replies_total", told) >= 1, "the server's own figures count them"
    lane = served.app.extensions["staff_lane"]
    assert lane.place._value == lanes.AT_ONCE + lanes.WAITING, "a page that is done leaves the lane"


def test_forms_files_cookies_and_the_askers_address_pass_unharmed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the request nothing is lost, of the reply neither headers that come twice nor a body in parts."""
    met: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        met.update(environ, body=environ["wsgi.input"].read())
        start_response("303 See Other", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/x")])
        return iter([b"one ", b"", b"two"])

    monkeypatch.setattr(served, "inner", application)
    served.open()
    sent = b"\x00\xff" * 300_000
    reply = served.client.post(
        "/invitations?q=%D5%A1",
        data={"file": (io.BytesIO(sent), "list.csv"), "name": "\u0531"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.9", "wsgi.url_scheme": "https"},
        headers={"Origin": "https://hmut.example"},
        buffered=True,
    )
    assert served.there and not served.here
    assert reply.status_code == 303 and reply.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    assert reply.data == b"one two"
    assert met["REMOTE_ADDR"] == "203.0.113.9" and met["wsgi.url_scheme"] == "https"
    assert met["QUERY_STRING"] == "q=%D5%A1" and met["HTTP_ORIGIN"] == "https://hmut.example"
    assert sent in met["body"] and "\u0531".encode() in met["body"]
    assert len(met["body"]) == int(met["CONTENT_LENGTH"])


def test_while_nobody_stands_behind_the_door_one_is_told_to_come_again(
    served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether nobody takes the request or whoever took it dies: a page of a short pause, and no hang."""
    served.over.door.server.settimeout(0.05)
    monkeypatch.setattr(handover_socket, "WELCOME", 0.05)
    served.sign_in(cast.ids["hr"])
    away = served.get("/team")
    assert (away.status_code, away.headers["Retry-After"]) == (503, str(lanes.RETRY))
    assert "<h1" in away.text, "a page like any other"
    monkeypatch.setattr(staff_process, "_write_reply", lambda *_: None)  # dies over it
    served.open()
    assert served.get("/team").status_code == 503
    monkeypatch.undo()
    assert served.get("/team").status_code == 200
    lane = served.app.extensions["staff_lane"]
    assert lane.place._value == lanes.AT_ONCE + lanes.WAITING


def test_a_reply_that_breaks_off_is_no_whole_reply(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def application(_environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"half of it"
        raise OSError("the process dies")

    monkeypatch.setattr(served, "inner", application)
    served.open()
    with pytest.raises(handover_socket.StaffAway):
        _ = served.get("/team").data


def test_a_process_for_staff_that_dies_is_started_again(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real processes: who asks meanwhile waits a moment or is told to come again; the end ends all of them."""
    forks: list[int] = []
    fork = forked.fork
    monkeypatch.setattr(forked, "fork", lambda *life: forks.append(fork(*life)) or forks[-1])
    monkeypatch.setattr(supervisor, "BREATH", 0.1)
    monkeypatch.setitem(app.config, "HMUT_JOBS", "off")
    served = Served(app)
    running = side_processes.start(app, os.open(tmp_path, os.O_RDONLY), {})
    served.client.application = running.application
    served.sign_in(cast.ids["hr"])
    assert served.get("/team").status_code == 200 and not served.here
    (mother,) = map(psutil.Process, forks)
    (staff,) = mother.children()
    staff.kill()
    told = [served.get("/team").status_code for _ in range(3)]
    assert set(told) <= {200, 503} and told[-1] == 200
    assert mother.children() != [staff]
    family = [mother, *mother.children()]
    running.end()
    assert not any(process.is_running() for process in family)
    gc.unfreeze()


def test_several_processes_take_connections_from_one_socket(app: Flask) -> None:
    """Each is a server as any other, that ends when it is told; on SQLite there is one."""
    app.config["HMUT_PROCESSES"] = 2
    with pytest.raises(SystemExit, match="one process"):
        listening.refuse_processes(app)
    app.config["HMUT_PORT"] = free_port()
    options, stop = listening.waitress_options(app), threading.Event()
    servers = [threading.Thread(target=connections.serve_until, args=(stop, app), kwargs=options) for _ in range(2)]
    for server in servers:
        server.start()
    for _ in range(4):
        with urlopen(f"http://127.0.0.1:{app.config['HMUT_PORT']}/healthz") as reply:
            assert reply.status == 200
    stop.set()
    for server in servers:
        server.join(60)
        assert not server.is_alive()
