"""Worlds that are equally hard: those of 0..129 that passed the screening of model w1-1 (`flask lab screen`), and of
5000..5059 that of the long form, so that nobody trains on a world of the sprint."""

SEEDS = (
    *(0, 3, 4, 6, 15, 16, 19, 22, 33, 34, 35, 37, 39, 43, 44, 47, 51, 52, 53, 56, 57),
    *(66, 67, 68, 69, 76, 86, 87, 98, 100, 102, 109, 110, 111, 112, 114, 115, 116, 122, 126, 128, 129),
)
LONG_SEEDS = (
    *(5000, 5002, 5003, 5008, 5009, 5011, 5015, 5016, 5017, 5018, 5019, 5022, 5023, 5027, 5029, 5031),
    *(5032, 5036, 5038, 5040, 5041, 5044, 5047, 5049, 5050, 5051, 5052, 5053, 5054, 5058, 5059),
)
