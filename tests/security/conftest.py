"""Fixtures of this room."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.security.world import World, build


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    return build(app, Cast(dict(cast.ids)))
