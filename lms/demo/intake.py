"""An earlier intake whose accounts are closed: what they did stays, so that items have answers enough to be judged.

All of them sat the pre-test of the first course. One of its items is misunderstood by those who know most, as happens
with an ambiguous question: the instructor's pages must find it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COURSE = "C1"
SIZE = 36
DAY = 20  # days ago
MISUNDERSTOOD = "c1p-raffle"
GIVEN = (
    "Աննա",
    "Արմեն",
    "Գայանե",
    "Գևորգ",
    "Լուսինե",
    "Կարեն",
    "Հասմիկ",
    "Մարիամ",
    "Միքայել",
    "Նաիրա",
    "Սարգիս",
    "Տաթև",
)
FAMILY = (
    "Աբրահամյան",
    "Բաբայան",
    "Դանիելյան",
    "Խաչատրյան",
    "Հակոբյան",
    "Մելքոնյան",
    "Սիմոնյան",
    "Վարդանյան",
    "Օհանյան",
)


@dataclass(frozen=True)
class Alumnus:
    """theta: one ability for every skill; each pair of names comes once."""

    name: str
    mailbox: str
    theta: float


def mailbox(number: int) -> str:
    """Of the alumni, counted from 1."""
    return f"intake{number:02}"


def alumni(rng: random.Random) -> list[Alumnus]:
    pairs = rng.sample([(first_name, family) for first_name in GIVEN for family in FAMILY], SIZE)
    return [
        Alumnus(f"{first_name} {family}", mailbox(number), rng.gauss(0.1, 1.6))
        for number, (first_name, family) in enumerate(pairs, 1)
    ]


def ability(alumnus: Alumnus, item: str) -> float:
    """Turned round at the item that the able misread."""
    return -4 * alumnus.theta if item == MISUNDERSTOOD else alumnus.theta
