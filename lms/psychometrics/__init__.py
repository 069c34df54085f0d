"""Scoring: marked answers -> ability with its error -> level -> skill matrix. Pure numpy."""
