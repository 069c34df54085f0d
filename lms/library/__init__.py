"""courses/ and quizzes/ as frozen objects: read, check, render, mark, write back.

This room is pure: no Flask, no database, no clock. Files are the format; every object keeps the exact source slice
it was read from, so that writing back is byte-identical.
"""

from lms.library.banks import parse_bank, parse_item
from lms.library.check import check
from lms.library.errors import ContentError, Finding
from lms.library.load import load, replace_item, sources, write
from lms.library.markup import Links
from lms.library.model import Bank, Course, Item, ItemText, Library, Module, ModuleText, Part
from lms.library.modules import parse_course, parse_module
from lms.library.reference import Fact, Reference, parse_reference
from lms.library.render import Passage, Rendered, render_module
from lms.library.stats import stats
from lms.library.text import Text

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
    "Passage",
    "Reference",
    "Rendered",
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
