"""Hmut: SMM training and competency assessment. `lms.app` is the map of the house."""
