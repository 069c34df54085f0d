"""Each row a column of its own, at the least cost in all (Kuhn 1955; shortest paths by Jonker & Volgenant 1987)."""

from __future__ import annotations

import numpy as np

from lms.psychometrics.arrays import Floats


def assigned(costs: Floats) -> list[int]:
    """The column of each row. costs: (rows, columns), no fewer columns than rows."""
    rows, columns = costs.shape
    holder = np.full(columns + 1, -1)  # row of each column; the last one stands for the row that is being placed
    of_row, of_column = np.zeros(rows), np.zeros(columns + 1)
    for row in range(rows):
        holder[columns] = row
        came_from, end = _path(costs, holder, of_row, of_column)
        while end != columns:  # along the path each row moves on to the next column
            holder[end] = holder[came_from[end]]
            end = int(came_from[end])
    places = {int(row): column for column, row in enumerate(holder[:columns]) if row >= 0}
    return [places[row] for row in range(rows)]


def _path(costs: Floats, holder: Floats, of_row: Floats, of_column: Floats) -> tuple[Floats, int]:
    """The cheapest way to a free column: where each column was come to from, and the free one. The prices of rows and
    columns are moved so that no way costs less than nothing."""
    columns = len(of_column) - 1
    shortest, came_from = np.full(columns, np.inf), np.full(columns, columns)
    visited, at = np.zeros(columns + 1, bool), columns
    while holder[at] >= 0:
        visited[at] = True
        reduced = costs[holder[at]] - of_row[holder[at]] - of_column[:columns]
        better = ~visited[:columns] & (reduced < shortest)
        shortest[better], came_from[better] = reduced[better], at
        at = int(np.where(visited[:columns], np.inf, shortest).argmin())
        step = shortest[at]
        of_row[holder[visited]] += step
        of_column[visited] -= step
        shortest[~visited[:columns]] -= step
    return came_from, at
