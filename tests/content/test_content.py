"""The shipped content itself: what the content check cannot tell, and the counts."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from lms.content import Library, stats
from lms.content.prose import word_count
from lms.content.questions import starting_parameters
from lms.content.rules.language import passages
from lms.content.spelling import read_words, unknown_words
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.thin_places import thin


def test_it_all_loads(shipped: Library) -> None:
    assert shipped.findings == ()
    assert len(shipped.reference.seed) == 87 and len(shipped.reference.paragraphs) == 41
    assert len(shipped.reference.framework.sub_competencies) == 25 and len(shipped.reference.framework.skills) == 6


def test_the_analyser_has_read_every_word(shipped: Library) -> None:
    """The check asks it about other words, which costs it twenty seconds: `python -m lms.content --renew-words`."""
    texts = (passage.text for passage in passages(shipped))
    assert unknown_words(texts, shipped.reference.allowed_words) - read_words() == set()


def test_the_coverage_map_and_the_catalogue_agree(shipped: Library) -> None:
    """Claims know their modules, modules their claims: both are data, and must say the same."""
    plans = {module["id"]: module for course in shipped.reference.catalogue["courses"] for module in course["modules"]}
    mapped = {(claim.id, module) for claim in shipped.reference.seed.values() for module in claim.modules}
    assert mapped == {(claim, name) for name, plan in plans.items() for claim in plan["seed"]}
    for module in shipped.modules.values():
        assert set(module.seed) >= set(plans[module.id]["seed"]), module.id


def test_every_question_says_why_it_has_its_level(shipped: Library) -> None:
    silent = [item.id for item in shipped.items.values() if item.answerable and not item.settings.get("because")]
    assert silent == [], "`because:` says what a person one level below gets wrong; a yaml comment is read by nobody"


def test_every_claim_is_asked_in_each_of_its_modules(shipped: Library) -> None:
    asked = {(claim, item.module) for item in shipped.items.values() for claim in item.seed}
    owed = {(claim.id, module) for claim in shipped.reference.seed.values() for module in claim.modules}
    assert owed <= asked


def test_every_slot_of_a_blueprint_has_a_closed_question_of_its_type_and_thinking(shipped: Library) -> None:
    closed = [item for item in shipped.items.values() if item.pool == "closed" and item.answerable]
    kinds = {(item.sub, item.stimulus.type if item.stimulus else item.type, item.bloom) for item in closed}
    slots = [slot for plan in shipped.reference.framework.blueprints for slot in plan.slots]
    assert [slot for slot in slots if (slot.sub, slot.type, slot.bloom) not in kinds] == []


@pytest.mark.parametrize("pool", ["placement", "closed"])
def test_a_test_of_the_whole_pool_could_tell_every_level(shipped: Library, pool: str) -> None:
    """What `flask thin` asks, with the difficulties that the authors state."""
    framework = shipped.reference.framework
    counted = [one for one in shipped.items.values() if one.pool == pool and one.answerable and not one.pretest]
    starts = [starting_parameters(one, framework.cuts.theta) for one in counted]
    form = Items.of([ItemParameters(start.a, tuple(start.b), start.c, start.sd_b) for start in starts])
    subs = [one.sub for one in counted]
    places = thin(form, subs, framework.cuts.theta, framework.precision.max_sd, tuple(framework.sub_competencies))
    assert [(place.sub, place.level) for place in places] == []


def test_the_long_form_has_as_many_questions_for_each_slot_as_it_asks_for(shipped: Library) -> None:
    closed = [item for item in shipped.items.values() if item.pool == "closed" and item.answerable]
    there = Counter((item.sub, item.stimulus.type if item.stimulus else item.type) for item in closed)
    plan = next(plan for plan in shipped.reference.framework.blueprints if plan.id == "full_60")
    owed = {(slot.sub, slot.type): plan.pool_per_slot * slot.items for slot in plan.slots}
    assert {slot: there[slot] for slot, asked in owed.items() if there[slot] < asked} == {}


def test_no_question_of_the_closed_pool_is_on_trial(shipped: Library) -> None:
    """No assessment for a job holds one, so it would stay on trial for ever."""
    assert [item.id for item in shipped.items.values() if item.pool == "closed" and item.pretest] == []


def test_stats_count_what_is_there(shipped: Library) -> None:
    counted = json.loads(json.dumps(stats(shipped)))
    answerable = [item for item in shipped.items.values() if item.answerable]
    assert counted["totals"]["items"] == len(answerable) == sum(bank["items"] for bank in counted["banks"].values())
    for name in ("types", "sub_competencies", "levels", "pools"):
        assert sum(counted[name].values()) == len(answerable)
    module = counted["courses"]["C1"]["modules"]["C1.1"]
    assert module["words"]["hy"] == word_count(shipped.modules["C1.1"].languages["hy"].body, "hy")
    assert module["items"] == len([item for item in answerable if item.module == "C1.1"])


def test_words_are_counted_as_readers_count_them() -> None:
    assert word_count("Ինչո՞ւ SMM-ը, ո՛չ don't 2-րդ։", "hy") == 5
    assert (
        word_count(
            "## Word {#idea}\n\n[two words](https://example.org/x) {{fact:x.y}} `code`\n\n```\nnot these\n```\n", "en"
        )
        == 3
    )
