"""Questions found wrong."""
