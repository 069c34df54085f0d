"""What a step of the Campaign Lab still lacks, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from lms.lab.model.size import Size


def missing_sentence(lack: str, size: Size) -> str:
    """One sentence for a decision that is missing, see `model.play.missing`."""
    name, _space, number = lack.partition(" ")
    of_one = {
        "post": _("Post %(number)s is not whole yet: choose everything in it.", number=number),
        "slot": _("Post %(number)s has no day or hour yet.", number=number),
        "reply": _("Message %(number)s has no answer yet.", number=number),
    }
    return str(of_one.get(name) or _whole_step(size)[name])


def _whole_step(size: Size) -> dict[str, str]:
    return {
        "ranking": _("Give every platform a place of its own, from 1 to 5."),
        "segments": _("Choose exactly two groups."),
        "windows": _("Choose exactly two parts of the day."),
        "kpi": _("Choose what you will measure."),
        "target": _("Write a target above zero."),
        "pillars": _("Choose exactly three topics."),
        "hours": _("Plan the hours of the week."),
        "work": _("The posts take more than %(hours)s hours together.", hours=size.hours),
        "money": _("More than %(budget)s drams stand behind the posts.", budget=size.budget),
        "first": _("Say which message you answer first."),
        "rate": _("Work out the number and write it."),
        "cause": _("Choose the cause of the loss."),
        "claim": _("Choose the statement that is not supported."),
        "tested": _("Say what the next week is to test."),
    }
