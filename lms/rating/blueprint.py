"""The blueprint of the room, apart from its pages so that these can be told apart by file."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rating", __name__)
