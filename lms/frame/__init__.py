"""What every page stands in: the templates' context with its header and menu, and the living style guide."""
