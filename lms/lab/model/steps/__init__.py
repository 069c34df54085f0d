"""The scores of each step of a run: (name, score or None) pairs from world, rules and play."""
