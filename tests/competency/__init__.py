"""The competency framework: one source, read strictly, stated alike everywhere."""
