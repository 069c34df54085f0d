"""The rules that content is held against, one file per subject; each yields findings."""
