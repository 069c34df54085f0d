"""The files that an operator copies are readable as what they are, and name only what is there."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
from flask import Flask

from lms.config import ROOT, settings

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


class Unit(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(path: Path) -> Unit:
    parser = Unit(strict=True)
    parser.read_string(path.read_text())
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_parse_and_start_what_is_there(path: Path, app: Flask) -> None:
    found = unit(path)
    assert set(found.sections()) <= {"Unit", "Service", "Timer", "Install"} and found["Unit"]["Description"]
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    program, *words = shlex.split(found["Service"]["ExecStart"])
    if program.endswith("/flask"):
        command = app.cli.get_command(None, words[0])  # type: ignore[arg-type]
        assert command and "--keep" in {name for one in command.params for name in one.opts}
    else:
        assert (ROOT / words[0]).is_file()
    assert found["Service"]["EnvironmentFile"] and found["Service"]["User"] != "root"


def settings_of(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: shlex.split(value)[0] for name, value in (line.split("=", 1) for line in lines)}


def test_the_example_of_settings_is_understood(tmp_path: Path) -> None:
    given = settings_of((DEPLOY / "env.example").read_text()) | {"HMUT_DATA": str(tmp_path)}
    assert settings(given)["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.several"])
def test_caddyfiles_are_balanced_hide_the_figures_and_name_the_servers(name: str) -> None:
    text = re.sub(r"#.*", "", (DEPLOY / name).read_text())
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0 and "respond @private 404" in text and "/metrics" in text
    servers = re.findall(r"127\.0\.0\.1:(\d+)", text)
    assert servers == (["8000"] if name == "Caddyfile" else ["8001", "8002", "8003"])
    directives = {line.split()[0] for line in text.splitlines() if line.strip() and line.strip() != "}"}
    known = {"hmut.example.am", "@private", "respond", "reverse_proxy", "lb_policy", "lb_try_duration", "health_uri"}
    assert directives <= known | {"health_interval", "{", "servers", "timeouts", "read_header", "read_body"}
