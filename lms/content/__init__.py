"""courses/ and quizzes/ as frozen objects: read, check, render, mark, write back.

This room is pure: no Flask, no database, no clock. Files are the format; every object keeps the exact source slice
it was read from, so that writing back is byte-identical.
"""

from lms.content.banks import parse_bank, parse_item
from lms.content.check import check
from lms.content.errors import ContentError, Finding
from lms.content.load import load
from lms.content.model import Bank, Course, Item, ItemText, Library, Module, ModuleText, Part
from lms.content.modules import parse_course, parse_module
from lms.content.reference import Reference, parse_reference
from lms.content.reference_entries import Fact
from lms.content.render import Links, Rendered, SearchPassage, render_module
from lms.content.stats import stats
from lms.content.text import Text
from lms.content.write_back import replace_item, sources, write

__all__ = [
    "Bank",
    "ContentError",
    "Course",
    "Fact",
    "Finding",
    "Item",
    "ItemText",
    "Library",
    "Links",
    "Module",
    "ModuleText",
    "Part",
    "Reference",
    "Rendered",
    "SearchPassage",
    "Text",
    "check",
    "load",
    "parse_bank",
    "parse_course",
    "parse_item",
    "parse_module",
    "parse_reference",
    "render_module",
    "replace_item",
    "sources",
    "stats",
    "write",
]
