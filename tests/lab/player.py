"""A person who plays a whole run: the forms of each step, as the pages send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from flask.testing import FlaskClient

from lms.lab.model.constants import PLATFORMS
from lms.lab.model.log import Action

Form = Mapping[str, list[str]]
KEYS = count(1)


def posts(**other: list[str]) -> dict[str, list[str]]:
    """Four posts, one field for each as `other` says in order."""
    usual = {
        "platform": ["instagram", "facebook", "telegram", "instagram"],
        "format": ["carousel", "photo", "poll", "short_video"],
        "topic": ["0", "1", "2", "3"],
        "language": ["hy"] * 4,
        "effort": ["2"] * 4,
    } | other
    return {f"p{at}_{name}": [values[at]] for name, values in usual.items() for at in range(4)}


SLOTS = {"day": ["0", "2", "4", "5"], "hour": ["8", "12", "19", "20"]}
STEPS: dict[int, dict[str, list[str]]] = {
    1: {f"rank_{name}": [str(at)] for at, name in enumerate(PLATFORMS, 1)}
    | {"segments": ["0", "1"], "windows": ["morning", "evening"]},
    2: {
        "kpi": ["clicks"],
        "target": ["30"],
        "pillars": ["0", "1", "2"],
        "hours_content": ["8"],
        "hours_dialogue": ["12"],
    },
    3: posts(style=["calm", "calm", "calm", "loud"]),
    4: {f"p{at}_{name}": [values[at]] for name, values in SLOTS.items() for at in range(4)} | {"tags": ["0", "3"]},
    5: {f"reply_{at}": ["0"] for at in range(5)} | {"first": ["1"]},
    6: {"rate": ["5,3"], "cause": ["hour"], "claim": ["2"]},
    7: posts(**SLOTS) | {"p1_hour": ["9"], "tested": ["hour"]},
}


def log(until: int = 7) -> Iterator[Action]:
    """Two cards bought and every step ended, up to and with `until`."""
    yield Action("buy", 1, {"card": ["heatmap"]})
    yield Action("buy", 1, {"card": ["interviews"]})
    for step in range(1, until + 1):
        yield Action("next", step, STEPS[step])


def begin(client: FlaskClient, brief: str = "tonir") -> str:
    """The address of a new run."""
    reply = client.post(f"/lab/briefs/{brief}/runs")
    assert reply.status_code == 303, reply.text
    return str(reply.location)


def send(client: FlaskClient, run: str, action: Action, base: int, key: str = "", script: bool = False):  # type: ignore[no-untyped-def]
    form = {**action.form, "act": action.act, "key": key or f"test-key-{next(KEYS)}", "base": str(base)}
    headers = {"Accept": "application/json"} if script else {}
    return client.post(f"{run}/steps/{action.step}", data=form, headers=headers)


def play(client: FlaskClient, run: str, until: int = 7) -> int:
    """Send the whole log and return how many actions that were."""
    actions = list(log(until))
    for base, action in enumerate(actions):
        reply = send(client, run, action, base)
        assert reply.status_code == 303, f"{action.act} {action.step}: {reply.status_code}"
    return len(actions)
