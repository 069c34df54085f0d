"""The end of a run: where its seconds went."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)  # after the slowest tests
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After the slowest tests: how long each room takes, of its budget (CONTRIBUTING.md), and what no room takes."""
    told = (report for reports in terminalreporter.stats.values() for report in reports)
    reports = [report for report in told if isinstance(report, pytest.TestReport)]
    if not terminalreporter.config.option.durations or not reports:
        return
    rooms: Counter[str] = Counter()
    for report in reports:
        rooms[Path(report.nodeid.split("::")[0]).parent.name] += report.duration  # type: ignore[assignment]
    begun, ended = min(report.start for report in reports), max(report.stop for report in reports)
    busy: Counter[str] = Counter()
    for report in reports:
        busy[getattr(report, "worker_id", "one")] += report.duration  # type: ignore[assignment]
    terminalreporter.section("seconds by room")
    terminalreporter.write_line("  ".join(f"{room} {seconds:.0f}" for room, seconds in rooms.most_common()))
    terminalreporter.write_line(
        f"in all {rooms.total():.0f}, of {len(busy)} x {ended - begun:.0f} from the first test's beginning to the end, "
        f"in tests {', '.join(f'{worker} {seconds:.0f}' for worker, seconds in sorted(busy.items()))}"
    )
