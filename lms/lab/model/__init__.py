"""The audience model of the Campaign Lab: pure functions of a seed and of what a person decided."""
