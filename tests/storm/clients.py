"""Clients that answer as fast as they are acknowledged, and repeat with the same key until they are."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.storm.ledger import Ledger
from tests.storm.stage import Sitter


@dataclass
class Client:
    """One browser of one sitter, without its journal: an answer not acknowledged is sent again before the next."""

    sitter: Sitter
    ports: tuple[int, ...]
    ledger: Ledger
    stop: threading.Event
    chance: random.Random
    waits: list[float] = field(default_factory=list)
    errors: int = 0

    def run(self) -> None:
        seq, connection = self.sitter.base, None
        while not self.stop.is_set():
            seq += 1
            position, letter = self.chance.randint(1, self.sitter.items), self.chance.choice("abc")
            key = f"storm-{self.sitter.attempt}-{seq}"
            answer = (self.sitter.attempt, position, seq, letter)
            self.ledger.send(key, answer)
            begun = time.monotonic()
            while not self.stop.is_set():
                connection, saved = self._post(connection, key, answer)
                if saved:
                    self.ledger.acknowledge(key, answer)
                    self.waits.append(time.monotonic() - begun)
                    break
                time.sleep(0.05)

    def _post(
        self, connection: http.client.HTTPConnection | None, key: str, answer: tuple[int, int, int, str]
    ) -> tuple[http.client.HTTPConnection | None, bool]:
        attempt, position, seq, letter = answer
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=15)
        body = urlencode({"item": position, "seq": seq, "key": key, "tab": self.sitter.tab,
                          "answer": letter, "csrf_token": self.sitter.csrf})  # fmt: skip
        headers = {"Cookie": self.sitter.cookie, "Accept": "application/json",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        try:
            connection.request("POST", f"/attempts/{attempt}/responses", body, headers)
            reply = connection.getresponse()
            told = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None, False
        if reply.status >= 500 and reply.status != 503:
            self.errors += 1
        return connection, reply.status == 200 and told.get("saved") is True
