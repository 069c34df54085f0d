"""When there are too few people for a statistic to mean anything."""


class TooFew(ValueError):
    """Too few people for a statistic to mean anything."""


def need(
    have: int,
    least: int,
    what: str,
) -> None:
    """TooFew, saying of what, unless there are at least so many."""
    if have < least:
        raise TooFew(f"{what}: {have} are too few, {least} are needed")
