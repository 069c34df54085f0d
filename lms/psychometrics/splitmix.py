"""Random numbers that a seed and a step settle."""

BITS = (1 << 64) - 1


def uniform(seed: int, step: int) -> float:
    """A number in [0, 1) for this seed and step (splitmix64, Steele et al. 2014): the same on every machine, and
    without the cost of seeding a generator at every step."""
    x = (seed * 0xD1342543DE82EF95 + step * 0x9E3779B97F4A7C15) & BITS
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & BITS
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & BITS
    return (x ^ (x >> 31)) / 2.0**64
