"""The files that an operator copies are readable as what they are, and name only what is there."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
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
        assert_command(app, words)
    else:
        assert (ROOT / words[0]).is_file()
    assert found["Service"]["EnvironmentFile"] and found["Service"]["User"] != "root"


def assert_command(app: Flask, words: list[str]) -> None:
    """The words name a command of ours, and options that it has."""
    command = app.cli.get_command(None, words[0])  # type: ignore[arg-type]
    if isinstance(command, click.Group):
        command = command.get_command(None, words[1])  # type: ignore[arg-type]
    assert command
    known = {name for one in command.params for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_containers_are_three_servers_alike_with_their_jobs_beside(app: Flask, tmp_path: Path) -> None:
    """Same settings, which the program understands; the pooler hands connections on by transaction, and lets in as many
    as the servers may ask for; the proxy is the one that is believed, and knows all three."""
    made = yaml.safe_load((DEPLOY / "compose.several.yaml").read_text())
    services = made["services"]
    servers = {name: one for name, one in services.items() if name.startswith("hmut-")}
    assert len(servers) == 3 and len({str(one) for one in servers.values()}) == 1
    told = {"POSTGRES_PASSWORD": "secret", "HMUT_BASE_URL": "https://hmut.example.am"}
    given = {
        name: re.sub(r"\$\{(\w+):[?-]([^}]*)\}", lambda found: told.get(found[1], found[2]), value)
        for name, value in services["hmut-1"]["environment"].items()
    }
    read = settings(given | {"HMUT_DATA": str(tmp_path)})
    assert read["HMUT_JOBS"] == "off" and read["HMUT_POOLER"] and not read["HMUT_DEMO"]
    assert services["jobs"]["environment"] == services["hmut-1"]["environment"]
    assert services["jobs"]["command"][0] == ".venv/bin/flask"
    assert_command(app, services["jobs"]["command"][1:])
    pooler, database = services["pgbouncer"]["environment"], services["postgresql"]["command"]
    assert pooler["POOL_MODE"] == "transaction"
    (most,) = (int(word.partition("=")[2]) for word in database if word.startswith("max_connections"))
    assert int(pooler["MAX_CLIENT_CONN"]) > 20 * 4 and int(pooler["DEFAULT_POOL_SIZE"]) < most - 10
    assert services["caddy"]["networks"]["inside"]["ipv4_address"] == read["HMUT_PROXY"]
    upstreams = re.findall(r"(hmut-\d):8000", (DEPLOY / "Caddyfile.compose").read_text())
    assert upstreams == sorted(servers)
    for volume in [each.partition(":")[0] for one in services.values() for each in one.get("volumes", ())]:
        assert volume in made["volumes"] or (DEPLOY / volume).is_file()
    assert (DEPLOY.parent.parent / services["hmut-1"]["build"]["dockerfile"]).is_file()


def test_the_pooler_outside_of_containers_is_the_same(tmp_path: Path) -> None:
    parser = configparser.ConfigParser()
    parser.read_string((DEPLOY / "pgbouncer.ini").read_text())
    assert parser["pgbouncer"]["pool_mode"] == "transaction" and "hmut" in parser["databases"]


def settings_of(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: shlex.split(value)[0] for name, value in (line.split("=", 1) for line in lines)}


def test_the_example_of_settings_is_understood(tmp_path: Path) -> None:
    given = settings_of((DEPLOY / "env.example").read_text()) | {"HMUT_DATA": str(tmp_path)}
    assert settings(given)["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.several", "Caddyfile.compose"])
def test_caddyfiles_are_balanced_hide_the_figures_and_name_the_servers(name: str) -> None:
    text = re.sub(r"#.*", "", (DEPLOY / name).read_text())
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0 and "respond @private 404" in text and "/metrics" in text
    servers = re.findall(r"(?:127\.0\.0\.1|hmut-\d):(\d+)", text)
    expected = {"Caddyfile": ["8000"], "Caddyfile.several": ["8001", "8002", "8003"]}
    assert servers == expected.get(name, ["8000"] * 3)
    directives = {line.split()[0] for line in text.splitlines() if line.strip() and line.strip() != "}"}
    known = {"hmut.example.am", "@private", "respond", "reverse_proxy", "lb_policy", "lb_try_duration", "health_uri"}
    assert directives <= known | {"health_interval", "{", "servers", "timeouts", "read_header", "read_body"}
