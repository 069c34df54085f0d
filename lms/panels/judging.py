"""A judge's way: the link, what a person just at the level is, item after item, the end of the round. No account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock, evidence
from lms.assess.page import AskedQuestion
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import public
from lms.identity.models import Organisation, Person
from lms.panels import drawings, links, panel_items, ratings
from lms.panels.blueprint import framework_of, judges_of
from lms.panels.crossed_cuts import crossed_by_judge
from lms.panels.models import Panel, PanelJudge
from lms.panels.result import real_shares
from lms.web.i18n import COOKIE, language, speak

CARRIED = "judge_link"  # the token's place in the visitor's cookie once it has left the address
LONGEST = 64  # characters that are looked at; a token has 43
SEEN_HERE = "panel"  # where a person of the organisation has met a key, as evidence keeps it


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/judge/<token>", view_func=link)
    bp.add_url_rule("/judge", view_func=judge)
    bp.add_url_rule("/judge", view_func=hand_in, methods=["POST"])
    bp.add_url_rule("/judge/items/<int:position>", view_func=item)
    bp.add_url_rule("/judge/items/<int:position>", view_func=rate, methods=["POST"])
    bp.add_url_rule("/judge/items/<int:position>/key", view_func=key, methods=["POST"])


@public
def link(token: str) -> ResponseReturnValue:
    """Opening it changes nothing; whether it works is said on the next page, whose address holds no token."""
    session[CARRIED] = token[:LONGEST]
    return redirect(url_for("panels.judge"), 303)


def for_judges(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A view of panel and judge by the visitor's link, in the judge's language; a link that no longer works is told."""

    @wraps(view)
    def entered(**place: int) -> ResponseReturnValue:
        here = links.by_token(session.get(CARRIED, ""))
        if here is None:
            return render_template("panels/link_dead.html"), 404
        if COOKIE not in request.cookies:
            speak(here[1].language)
        return view(*here, **place)

    return entered


@public
@for_judges
def judge(panel: Panel, judge: PanelJudge) -> ResponseReturnValue:
    framework, values = framework_of(panel), ratings.ratings_of(judge, panel.round)
    subs = [sub for sub in framework.sub_competencies if panel.skill in ("", sub.partition(".")[0])]
    return render_template(
        "panels/judge.html",
        panel=panel,
        judge=judge,
        organisation=db.session.get_one(Organisation, panel.organisation_id),
        given=values,
        upcoming=_next(panel, values),
        waits=panel.round == 2 and not judge.done(1),
        other=crossed_by_judge(panel, judge),
        level=next(each for each in framework.levels if each.level == panel.level),
        names=framework.cell_names(language()),
        described=[(sub, framework.describe(sub, panel.level, language())) for sub in subs],
    )


def _next(panel: Panel, values: ratings.Given, after: int = 0) -> int | None:
    """The next item without a value of this round, looking forward first; None where all have one."""
    open_places = [place for place in range(1, len(panel.items) + 1) if place not in values]
    return next((place for place in open_places if place > after), next(iter(open_places), None))


@public
@for_judges
def item(panel: Panel, judge: PanelJudge, position: int) -> ResponseReturnValue:
    return _item_page(panel, judge, position)


@public
@transaction
@for_judges
def key(panel: Panel, judge: PanelJudge, position: int) -> ResponseReturnValue:
    """Key and explanation, after one's own value of the round. Whoever has an account here has met the key."""
    if position not in ratings.ratings_of(judge, panel.round):
        abort(404)
    theirs = select(Person.id).where(Person.organisation_id == panel.organisation_id, Person.email == judge.email)
    for person in db.session.scalars(theirs):
        evidence.mark_shown(person, [panel_items.item_at(panel, position).id], SEEN_HERE)
    return _item_page(panel, judge, position, explained=True)


@public
@transaction
@for_judges
def rate(panel: Panel, judge: PanelJudge, position: int) -> ResponseReturnValue:
    """Keep the value and go on to the next; a page of the other round is told so."""
    if request.form.get("round") != str(panel.round) or judge.done(panel.round) or not _may_rate(panel, judge):
        flash(_("This round is over. Nothing was changed."), "error")
        return redirect(url_for("panels.judge"), 303)
    value = _value()
    if value is None:
        return _item_page(panel, judge, position, wrong=True), 422
    _check(panel, position)
    judge.opened_at = judge.opened_at or clock.now()
    ratings.give(judge, panel.round, position, value)
    upcoming = _next(panel, ratings.ratings_of(judge, panel.round), position)
    return redirect(url_for("panels.item", position=upcoming) if upcoming else url_for("panels.judge"), 303)


def _value() -> int | None:
    typed = request.form.get("value", "")
    value = int(typed) if typed.isdecimal() and len(typed) <= 3 else -1
    return value if value in range(0, 101, ratings.STEP) else None


@public
@transaction
@for_judges
def hand_in(panel: Panel, judge: PanelJudge) -> ResponseReturnValue:
    """The end of one's round; until then every value can be changed."""
    whole = len(ratings.ratings_of(judge, panel.round)) == len(panel.items)
    if not _may_rate(panel, judge) or (panel.round == 1 and not whole):
        flash(_("Some items have no value yet."), "error")
    elif panel.round == 1:
        judge.first_done_at = judge.first_done_at or clock.now()
    else:
        judge.second_done_at = judge.second_done_at or clock.now()
    return redirect(url_for("panels.judge"), 303)


def _may_rate(panel: Panel, judge: PanelJudge) -> bool:
    """The second round is for those who handed in the first."""
    return panel.round == 1 or judge.done(1)


def _check(panel: Panel, position: int) -> None:
    if not 1 <= position <= len(panel.items):
        abort(404)


def _item_page(panel: Panel, judge: PanelJudge, position: int, wrong: bool = False, explained: bool = False) -> str:
    _check(panel, position)
    if not _may_rate(panel, judge):
        abort(404)
    framework, item = framework_of(panel), panel_items.item_at(panel, position)
    first, round_values = ratings.ratings_of(judge, 1), ratings.ratings_of(judge, panel.round)
    values = ratings.at_item(panel, position, judges_of(panel)) if panel.round == 2 else []
    return render_template(
        "panels/item.html",
        panel=panel,
        judge=judge,
        position=position,
        q=AskedQuestion(position, panel_items.shown_item(panel, position, language()), {}, ""),
        value=round_values.get(position, first.get(position)),
        given=round_values,
        first=first.get(position),
        spread=drawings.distribution(values, first.get(position)) if values else "",
        real=real_shares(panel).get(panel.items[position - 1]["revision"]) if values else None,
        explanation=panel_items.explained_item(panel, position, language()) if explained else None,
        level=next(each for each in framework.levels if each.level == panel.level),
        sub=framework.cell_names(language()).get(item.sub, item.sub),
        described=framework.describe(item.sub, panel.level, language()),
        wrong=wrong,
        step=ratings.STEP,
    )
