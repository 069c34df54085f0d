"""The candidate's one page: where one is, what comes next. Consent, begin or go on, pause, once more."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms import assess, clock, evidence, publishing
from lms.assess import Attempt
from lms.assess.attempts import resume
from lms.campaigns import Campaign, Candidate, bank_of
from lms.campaigns.candidacies import end_of, is_open
from lms.campaigns.letters import role_name
from lms.candidates import agreement, progress, try_out, work_samples
from lms.candidates.own_candidacy import own_candidacy
from lms.candidates.progress import CandidateStep
from lms.competency import Framework
from lms.competency.framework import Skill
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs_person
from lms.web.i18n import day, language

WAY = "candidates.way"


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate", view_func=way)
    for name, view in (("consent", consent), ("start", start), ("retake", retake)):
        bp.add_url_rule(f"/candidate/{name}", view_func=view, methods=["POST"])
    bp.add_url_rule("/candidate/pause/<id:attempt_id>", view_func=pause, methods=["POST"])
    bp.add_url_rule("/candidate/back/<int:retake>", view_func=back)


@needs_person
def way() -> ResponseReturnValue:
    """Also where an ended part leads: what still waits in this browser then goes to that attempt, as late."""
    return _page()


def _page(missing: bool = False) -> str:
    candidate, campaign = own_candidacy()
    framework = evidence.framework(candidate.organisation_id)
    steps = progress.steps(campaign, candidate, current_person.extra_time)
    ended = [step.attempt for step in steps if step.attempt and step.attempt.submitted_at]
    now, open_still = progress.present(steps), is_open(campaign, candidate)
    return render_template(
        "candidates/way.html",
        candidate=candidate,
        campaign=campaign,
        organisation=current_person.organisation,
        steps=steps,
        now=now,
        stage=_stage(candidate, now if open_still else None),
        role=role_name(campaign, language()),
        ends=end_of(campaign, candidate),
        skills=_measured(framework, steps),
        sections=_sections(campaign),
        minutes=sum(step.minutes for step in steps),
        trials=len(try_out.tried_items(campaign)) if candidate.consent_at else 0,
        is_open=open_still,
        is_shown=progress.is_shown(campaign, candidate),
        late_address=url_for("assess.sitting", attempt_id=ended[-1].id) if ended else "",
        may_repeat=_may_repeat(campaign, candidate),
        missing=missing,
    )


def _stage(candidate: Candidate, now: CandidateStep | None) -> str:
    """Which page: whoever has finished and is asked for more begins again."""
    if candidate.stage == "withdrawn":
        return "withdrawn"
    if candidate.finished_at and now is None:
        return "done"
    return "begin" if candidate.consent_at else "about"


def _measured(framework: Framework, steps: list[CandidateStep]) -> list[Skill]:
    """The skills that the tests ask about."""
    skill_ids = {name for step in steps if step.rules for name in step.rules.blueprint}
    return [skill for skill in framework.skills if not skill_ids or skill.id in skill_ids]


def _sections(campaign: Campaign) -> list[agreement.AgreementSection]:
    organisation = current_person.organisation.name
    return agreement.said(language(), organisation=organisation, delete_on=day(campaign.delete_on))


@needs_person
@transaction
def consent() -> ResponseReturnValue:
    """The candidate's word, with the version and language of what was read."""
    candidate, _ = own_candidacy()
    if "agree" not in request.form:
        return _page(missing=True), 422
    if candidate.consent_at is None:
        candidate.consent_at, candidate.consent_version = clock.now(), agreement.VERSION
        candidate.consent_language = language()
    return redirect(url_for(WAY), 303)


@needs_person
@transaction
def start() -> ResponseReturnValue:
    """Begin the next part, or go on with the one that runs."""
    candidate, campaign = own_candidacy()
    step = progress.present(progress.steps(campaign, candidate, current_person.extra_time))
    if candidate.consent_at is None or candidate.stage == "withdrawn" or not is_open(campaign, candidate):
        return redirect(url_for(WAY), 303)
    if step is None:
        progress.settle(campaign, candidate)
        return redirect(url_for(WAY), 303)
    candidate.started_at = candidate.started_at or clock.now()
    return redirect(_address(step, campaign, candidate) or url_for(WAY), 303)


def _address(step: CandidateStep, campaign: Campaign, candidate: Candidate) -> str | None:
    if step.kind != "test":
        practice = campaign.preview_of is not None
        return work_samples.start_address(current_person, step.part, progress.back_address(candidate), practice)
    attempt = _attempt(step, campaign, candidate)
    return url_for("assess.sitting", attempt_id=attempt.id) if attempt else None


def _attempt(step: CandidateStep, campaign: Campaign, candidate: Candidate) -> Attempt | None:
    """The running attempt with its clock going again, or a new one; None where the time of a running one was over."""
    test, subject = _test(step, candidate), progress.subject_of(campaign, candidate)
    running = resume(current_person, test, subject)
    if running:
        running.resume()
    if running or step.attempt:
        return running
    return assess.start(current_person, test, subject, None, _bank(test, campaign) or abort(404))


def _bank(test: assess.Specification, campaign: Campaign) -> list[int]:
    """Questions that can be read in each of the campaign's languages, since the candidate may switch at any of them;
    those of an earlier try only where too few others are left."""
    bank, exposed = bank_of(test, campaign.languages), evidence.seen_keys(current_person.id)
    fresh = [revision for revision in bank if publishing.item(revision).id not in exposed]
    return fresh if len(fresh) >= test.most else bank


def _test(step: CandidateStep, candidate: Candidate) -> assess.Specification:
    return replace(
        assess.Specification.read(step.part["rules"]),
        result_endpoint=WAY,
        pause_endpoint="candidates.pause" if candidate.may_pause else "",
        notes_endpoint="candidates.take_notes",
    )


@needs_person
def back(retake: int) -> ResponseReturnValue:
    """From a work sample of that try; its end is in the address, so that each try has its own."""
    candidate, campaign = own_candidacy()
    if retake == candidate.retake:
        progress.note_through(campaign, candidate)
    return redirect(url_for(WAY), 303)


@needs_person
@transaction
def pause(attempt_id: int) -> ResponseReturnValue:
    """Stop the clock where the candidate may; going on starts it again."""
    own_candidacy()
    attempt = assess.attempt_of(current_person.id, attempt_id, lock=True)
    if attempt.specification.pause_endpoint:
        attempt.pause()
    return redirect(url_for(WAY), 303)


def _may_repeat(campaign: Campaign, candidate: Candidate) -> bool:
    left = candidate.finished_at is not None and candidate.retake < campaign.retakes and not candidate.more_parts
    return left and is_open(campaign, candidate) and candidate.stage == "assessment"


@needs_person
@transaction
def retake() -> ResponseReturnValue:
    """All parts once more, as often as the campaign allows; what was answered before stays evidence."""
    candidate, campaign = own_candidacy()
    if _may_repeat(campaign, candidate):
        candidate.retake, candidate.finished_at, candidate.released_at = candidate.retake + 1, None, None
    return redirect(url_for(WAY), 303)
