"""Addresses in Markdown that are ours: pictures and sheets of the course, modules and their headings."""

from __future__ import annotations

import re

FIGURE = re.compile(r"figures/([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)")
SHEET = re.compile(r"sheets/([A-Za-z0-9_-]+\.(?:hy|en)\.(?:csv|md))")
MODULE = re.compile(r"module:(C\d+\.\d+)(?:#([a-z][a-z0-9-]*))?")
