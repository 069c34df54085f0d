"""Lever, which works the other way round: it tells us that a candidate came to a stage, we ask it who that is, send
them to the campaign that a tag of theirs names, and note there how it goes.

Lever's documentation for assessment partners has these steps; how it signs, and that a customer's own key is the user
name of HTTP Basic, is public too. A partner's OAuth credentials, which Lever gives out by hand, are not needed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.api import calls

BASE = "https://api.lever.co/v1/opportunities"
TAG = re.compile(r"hmut-(\d{1,9})", re.IGNORECASE)  # names the campaign
NAME = re.compile(r"[A-Za-z0-9-]{8,64}")  # of an opportunity, in Lever's words
ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
Exchange = Callable[[str, str, str, Mapping[str, str]], tuple[int, str]]


@dataclass(frozen=True)
class LeverApplicant:
    """What Lever says of a candidate; packages: the campaigns that their tags name."""

    name: str
    email: str
    stage: str
    packages: tuple[str, ...]


class UnreadableReply(ValueError):
    """Lever's reply is none that we know."""


def is_signed(event: Mapping[str, Any], signing: str) -> bool:
    """Whether Lever signed it: HMAC-SHA256 of its token and the moment, with the address's signing token, in
    hexadecimal."""
    message = f"{event.get('token', '')}{event.get('triggeredAt', '')}"
    mac = hmac.new(signing.encode(), message.encode(), hashlib.sha256).hexdigest()
    return bool(signing) and hmac.compare_digest(mac.encode(), str(event.get("signature", "")).encode())


def moved(event: Mapping[str, Any]) -> str | None:
    """The opportunity that came to another stage, None for any other event."""
    data = event.get("data")
    name = data.get("opportunityId") if isinstance(data, Mapping) else None
    is_move = event.get("event") == "candidateStageChange"
    return name if is_move and isinstance(name, str) and NAME.fullmatch(name) else None


def read(opportunity: str, key: str, exchange: Exchange = calls.exchange) -> tuple[int, LeverApplicant | None]:
    """Lever's HTTP status and whom it describes. UnreadableReply for a reply of 200 that describes nobody."""
    status, text = exchange("GET", f"{BASE}/{opportunity}?expand=stage", "", calls.basic(key))
    return status, _applicant(text) if status == 200 else None


def _applicant(text: str) -> LeverApplicant:
    try:
        data = json.loads(text)["data"]
        emails = [email for email in data.get("emails") or [] if ADDRESS.fullmatch(email)]
        stage = data.get("stage") or ""
        tags = (TAG.fullmatch(tag.strip()) for tag in data.get("tags") or [])
        return LeverApplicant(
            " ".join(data["name"].split())[:120] or emails[0],
            emails[0].lower()[:254],
            str(stage["text"] if isinstance(stage, Mapping) else stage),
            tuple(tag[1] for tag in tags if tag),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableReply("no name, address and stage in the reply") from error


def tag(opportunity: str, key: str, text: str, exchange: Exchange = calls.exchange) -> int:
    """Lever's HTTP status for a tag put on its candidate."""
    return _write(opportunity, "addTags", {"tags": [text]}, key, exchange)


def note(opportunity: str, key: str, text: str, exchange: Exchange = calls.exchange) -> int:
    return _write(opportunity, "notes", {"value": text}, key, exchange)


def _write(opportunity: str, what: str, body: Mapping[str, Any], key: str, exchange: Exchange) -> int:
    sent = json.dumps(body, ensure_ascii=False)
    return exchange("POST", f"{BASE}/{opportunity}/{what}", sent, calls.basic(key))[0]
