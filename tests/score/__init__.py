"""The scorer's names over plain values, at the address that outside check suites know."""
