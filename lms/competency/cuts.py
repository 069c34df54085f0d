"""Where levels begin on theta, and what says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

PROVISIONAL = "provisional"
ALL_SET = "Angoff panels"  # each cut by a panel of the organisation's own


@dataclass(frozen=True)
class CutRecord:
    """What says where the cut of one level comes from: a panel of judges, the number of its record in this
    installation, its day (ISO), how many judges, the standard error of the cut."""

    level: int
    panel: int
    day: str
    judges: int
    standard_error: float

    @property
    def words(self) -> str:
        """For columns and commands; pages say it in the reader's language."""
        text = f"Angoff panel {self.panel}, {self.day}, {self.judges} judges, SE {self.standard_error:.2f}"
        return f"level {self.level}: {text}"


@dataclass(frozen=True)
class Cuts:
    """theta: the ability at which levels 1, 2, ... begin, ascending. origin: "provisional" or the record of the panel
    that set them; standard_errors: the panel's, one for each cut, none while provisional; panels: of levels whose cut a
    panel of the organisation has set, at most one a level."""

    origin: str
    theta: tuple[float, ...]
    standard_errors: tuple[float, ...] = ()
    panels: tuple[CutRecord, ...] = ()

    @property
    def provisional(self) -> bool:
        return self.origin == PROVISIONAL

    @property
    def provenance(self) -> str:
        """The origin of every cut in a line."""
        return "; ".join(record.words for record in self.panels) or self.origin

    def beyond(self, level: int, theta: float) -> int | None:
        """The level next to this one whose cut a cut at theta would reach, so that levels no longer rise; None where
        they would."""
        if level > 1 and theta <= self.theta[level - 2]:
            return level - 1
        return level + 1 if level < len(self.theta) and theta >= self.theta[level] else None

    def with_record(self, record: CutRecord, theta: float) -> Cuts:
        """The cuts with a level's own as a panel has set it; with all of them set nothing is provisional any more."""
        others = [old for old in self.panels if old.level != record.level]
        panels = tuple(sorted((*others, record), key=lambda each: each.level))
        moved = tuple(theta if level == record.level else cut for level, cut in enumerate(self.theta, 1))
        whole = self.provisional and len(panels) == len(self.theta)
        errors = tuple(each.standard_error for each in panels) if whole else self.standard_errors
        return replace(
            self, theta=moved, panels=panels, standard_errors=errors, **({"origin": ALL_SET} if whole else {})
        )
