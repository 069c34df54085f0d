"""The messages of W2 with what is known of each, provisional until eight experts have keyed them alone (design 2)."""

from __future__ import annotations

from dataclasses import dataclass

ACTIONS = ("reply", "private", "hide", "escalate", "forward", "none", "later")
PRIORITIES = ("now", "today", "later", "none")
SUBS = {
    "reviews": "communication.reviews",
    "crisis": "communication.moderation_crisis",
    "dialogue": "communication.dialogue",
    "team": "communication.collaboration",
}
RIGHT, FAIR, HARMFUL = 1.0, 0.5, -0.5  # credit of an action; any other is worth nothing


@dataclass(frozen=True)
class InboxMessage:
    """harm, value: 0..3; due, takes: simulated minutes; priority: place in `PRIORITIES`; of: what it shows, a name of
    `SUBS`; right, fair, harmful: actions; loud: it shouts, whatever it is about."""

    name: str
    harm: int
    value: int
    due: int
    takes: int
    priority: int
    of: str
    right: tuple[str, ...]
    fair: tuple[str, ...] = ()
    harmful: tuple[str, ...] = ()
    loud: bool = False
    spam: bool = False

    @property
    def weight(self) -> int:
        """What a minute's delay costs."""
        return 0 if self.spam else 1 + 3 * self.harm + self.value

    def credit(self, action: str) -> float:
        if action in self.right:
            return RIGHT
        return FAIR if action in self.fair else HARMFUL if action in self.harmful else 0.0

    def beyond_chance(self, action: str) -> float:
        """Credit against a guess among the actions: 0 is the guess, 1 the right one."""
        chance = sum(self.credit(each) for each in ACTIONS) / len(ACTIONS)
        return (self.credit(action) - chance) / (RIGHT - chance)


SILENT = ("hide", "none", "later")
GRAVE = (
    InboxMessage("poison", 3, 0, 10, 8, 0, "crisis", ("escalate",), ("private",), SILENT),
    InboxMessage("burn", 3, 0, 12, 7, 0, "crisis", ("escalate",), ("private",), SILENT),
    InboxMessage("allergy", 3, 0, 9, 8, 0, "crisis", ("escalate",), ("private",), SILENT, loud=True),
)
COMPLAINTS = (  # harm 2, one of a run
    InboxMessage("order", 2, 1, 22, 5, 0, "reviews", ("private",), ("reply",), ("hide", "none"), loud=True),
    InboxMessage("waiter", 2, 0, 28, 7, 0, "reviews", ("reply",), ("private", "escalate"), ("hide", "none")),
    InboxMessage("hair", 2, 0, 24, 6, 0, "reviews", ("reply",), ("private", "escalate"), ("hide", "none")),
)
DANGERS = (  # harm 2, one of a run
    InboxMessage("leak", 2, 0, 15, 3, 0, "crisis", ("hide",), ("escalate",), ("reply", "none", "later")),
    InboxMessage("child", 2, 0, 20, 3, 0, "crisis", ("hide",), ("private", "escalate"), ("none", "later")),
)
MILD = (  # harm 1, one of a run
    InboxMessage("cold", 1, 0, 90, 4, 1, "reviews", ("reply",), ("private",), ("hide",)),
    InboxMessage("price", 1, 1, 80, 5, 1, "reviews", ("reply",), ("private", "escalate"), ("hide", "none")),
)
TEASES = (  # harm 1, one of a run
    InboxMessage("margarine", 1, 0, 70, 4, 1, "crisis", ("reply",), ("none", "escalate"), ("private",), loud=True),
    InboxMessage("rival", 1, 0, 75, 4, 1, "crisis", ("reply",), ("none",), ("private",)),
)
DESIGNER = InboxMessage("designer", 1, 1, 35, 4, 1, "team", ("reply",), ("escalate", "forward"), ("none",))
USUAL = (  # harm 0, four of a run
    InboxMessage("hours", 0, 1, 24, 2, 1, "dialogue", ("reply",), ("private",)),
    InboxMessage("lovely", 0, 0, 60, 2, 3, "dialogue", ("none",), ("reply",), loud=True),
    InboxMessage("photo", 0, 1, 34, 3, 2, "dialogue", ("reply",), ("none", "later")),
    InboxMessage("gluten", 0, 1, 42, 3, 1, "dialogue", ("reply",), ("private",)),
    InboxMessage("cake", 0, 2, 52, 4, 1, "dialogue", ("private",), ("reply",), ("none",)),
    InboxMessage("blogger", 0, 2, 60, 5, 2, "team", ("forward",), ("private", "later")),
    InboxMessage("job", 0, 0, 90, 3, 2, "team", ("forward",), ("private", "later")),
)
SPAM = (  # two of a run
    InboxMessage(
        "phishing", 0, 0, 16, 2, 3, "crisis", ("hide",), ("none", "escalate"), ("reply", "private"), True, True
    ),
    InboxMessage("crypto", 0, 0, 90, 2, 3, "crisis", ("hide",), ("none",), ("reply", "private"), True, True),
    InboxMessage("followers", 0, 0, 30, 2, 3, "crisis", ("hide",), ("none",), ("reply", "private"), False, True),
)
PRESSING = (  # interruptions: two of these
    InboxMessage("school", 0, 3, 38, 5, 0, "dialogue", ("private",), ("reply", "forward"), ("none", "later")),
    InboxMessage("journalist", 2, 1, 40, 4, 0, "team", ("escalate",), ("forward",), ("reply", "none")),
    InboxMessage("payment", 2, 1, 34, 4, 0, "team", ("escalate",), ("forward", "reply"), ("none", "later")),
)
DIRECTOR = InboxMessage("director", 0, 1, 30, 5, 2, "team", ("later",), ("reply", "forward"), loud=True)
POOL = (*GRAVE, *COMPLAINTS, *DANGERS, *MILD, *TEASES, DESIGNER, *USUAL, *SPAM, *PRESSING, DIRECTOR)
