"""Worlds that are equally hard: those of 0..129 that passed the screening of model w1-1 (`flask lab screen`)."""

SEEDS = (
    *(0, 3, 4, 6, 15, 16, 19, 22, 33, 34, 35, 37, 39, 43, 44, 47, 51, 52, 53, 56, 57),
    *(66, 67, 68, 69, 76, 86, 87, 98, 100, 102, 109, 110, 111, 112, 114, 115, 116, 122, 126, 128, 129),
)
