"""Simulated people sit what real ones sit."""

from __future__ import annotations

import numpy as np
from flask import Flask

from lms import evidence, publishing
from lms.content.document import asks
from lms.learn.simulation import PublishedWorld, Walk


def test_a_simulated_check_asks_nothing_that_its_module_explains(context: Flask) -> None:
    world, modules = PublishedWorld(evidence.rules()), publishing.library().modules
    walk = Walk(frozenset(module.course for module in modules.values()))
    asked = [publishing.item(question.ref) for question in world.checks(walk, np.random.default_rng(1))]
    assert not [item.id for item in asked if asks(modules[item.module], item.id)]
    assert {item.module for item in asked} == set(modules)
