"""HR, signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.campaigns.steps import SignIn


@pytest.fixture
def hr(app: Flask, signed_in: SignIn) -> FlaskClient:
    return signed_in("hr")
