"""F3a in short, and the server that does not wait for the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.storm.disk import Order, order_of, traced

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_no_answer_is_acknowledged_before_the_log_is_on_disk_and_who_does_not_wait_is_caught(
    engine_name: str, database: tuple[str, Cast], tmp_path: Path
) -> None:
    order, cheated = traced(database[0], tmp_path, answers=20, cheated=12)
    assert order.early == 0
    assert order.replies >= 20
    assert cheated.early >= cheated.replies - 2 >= 10


def test_the_reader_of_traces_knows_both_forms_of_a_sync(engine_name: str) -> None:
    sync, reply = "7  fdatasync(9</x/hmut.db-wal>) = 0\n", '8  sendto(5<TCP:[127.0.0.1:1]>, "HTTP/1.1 200 OK", 9) = 9\n'
    split = "7  fdatasync(9</x/hmut.db-wal> <unfinished ...>\n" + "7  <... fdatasync resumed>)        = 0\n"
    assert order_of(sync + reply + split + reply) == Order(2, 0)
    assert order_of(reply + sync + reply + reply) == Order(3, 2)
    assert order_of(sync.replace("-wal", "-journal") + reply) == Order(1, 1)
