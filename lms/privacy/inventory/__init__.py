"""Every table of the database: whose its rows are, what is handed out, and what becomes of it.

A table stands in the HOLDINGS of one of these files or in NOBODYS, each of its columns is handed out or withheld with a
reason, and each column of a row that outlives its person is blanked or stays with a reason. `tests/privacy` holds it: a
new table needs a line. The lines stand together, apart from their rooms: who answers for people's data reads one list.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.privacy.holding import Holding
from lms.privacy.inventory import accounts, learning, selection

HOLDINGS: Mapping[str, Holding] = {**accounts.HOLDINGS, **learning.HOLDINGS, **selection.HOLDINGS}

NOBODYS: Mapping[str, str] = {
    "organisation": "settings of an organisation",
    "throttle": "check values of addresses that tried to sign in, gone after a quarter of an hour",
    "heartbeat": "a time of day",
    "revision": "content",
    "publication": "content",
    "shelf_version": "content",
    "former_slug": "content",
    "rendering": "content",
    "search_section": "content",
    "expectation": "figures of simulated people",
    "parameter_set": "figures over many people's answers",
    "item_parameter": "figures over many people's answers",
    "item_count": "sums over many people's answers",
    "item_count_round": "where those sums stand",
    "item_figures": "figures over many people's answers",
}
