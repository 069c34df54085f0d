"""A person with a row in every table that can hold one, each text of theirs bearing a mark that is looked for."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms import assess, clock, evidence, publishing
from lms.api import lever_orders, webhooks
from lms.api import tokens as tokens_of_programs
from lms.api.models import ApiOrder, LeverOpportunity, PartnerCallback, WebhookDelivery
from lms.assess import Attempt
from lms.assess.models import Extension, Pause
from lms.author.models import CalibrationRun
from lms.background import mail
from lms.campaigns import Campaign, Candidate
from lms.campaigns.models import LetterText
from lms.candidates.models import CandidateEvent, Contest, GroupAnswer
from lms.content import Item, questions
from lms.database import audit, db
from lms.evidence.models import FrameworkEdition, ItemVoid, TrialAnswer
from lms.hiring.models import Standing
from lms.identity import tokens
from lms.identity.factor_models import AuthenticatorApp, Passkey, RecoveryCode
from lms.identity.models import Person, Session
from lms.lab import runs
from lms.lab.tasks import TASKS
from lms.learn.models import Certificate, EmbeddedAnswer, PracticeWork, Reading, WeeklyAim
from lms.learn.specifications import CHECK
from lms.panels.models import Panel, PanelJudge, PanelRating
from lms.publishing.models import FactCheck
from lms.rating import desk, files, ratings, tasks
from lms.selection.models import Decision, InterviewScore, IssuedReport, NormGroup
from tests.assess.small import TITLE
from tests.cast import Cast
from tests.lab import player
from tests.rating import writer

MARK = "zebra"  # in every text that is the person's
TAB = "page-of-a-test"
LIVE = "link-that-waits-to-leave"  # whoever reads it could use it


def asked() -> list[tuple[int, Item]]:
    """Three questions by letter and one that is typed."""
    items = list(publishing.items(pool="practice"))
    by_letter = [one for one in items if questions.TYPES[one[1].type].right_options(one[1].text())]
    return [*by_letter[:3], next(one for one in items if _is_typed(one[1]))]


def _is_typed(item: Item) -> bool:
    instance = questions.new_instance(item, 7, publishing.reference())
    return {field.kind for field in questions.deliver(item, instance, "en").fields} == {"text"}


def sit(person: Person, subject: str = "C1.1", ended: bool = True) -> Attempt:
    attempt = assess.start(person, CHECK, subject, TITLE, [revision for revision, _ in asked()], seed=7)
    attempt.take_over(TAB)
    for item in attempt.items:
        shown = questions.deliver(publishing.item(item.revision_id), item.instance, "en").fields[0]
        answer = shown.options[0][0] if shown.options else MARK
        attempt.answer(item.position, {shown.name: [answer]}, attempt.last_seq() + 1, f"key-{item.position:08}", TAB)
    if ended:
        attempt.finish()
    db.session.flush()
    return attempt


def live(cast: Cast, name: str = "trainee") -> Person:
    """Everything that a person can leave behind, committed."""
    person = cast.person(name)
    person.name, person.email, person.role_wanted = f"{MARK} person", f"{MARK}@example.org", f"{MARK}-role"
    attempt, now = sit(person), clock.now()
    sit(person, "C1.2", ended=False)
    revision = attempt.items[0].revision_id
    data = {"roles": ["trainee"], "name": MARK}
    tokens.store([tokens.drawn("invitation", person.organisation_id, email=person.email, data=data)[1]])
    mail.post(person.organisation_id, person.email, f"To {MARK}", f"Dear {MARK}\nhttps://hmut.example/links/{LIVE}")
    audit.append_entry(person.organisation_id, person.id, "person_changed", person.id, active=[True, True])
    db.session.add_all(
        [
            Session(token_hash="1" * 64, person_id=person.id, device=MARK, expires_at=now + timedelta(days=1)),
            AuthenticatorApp(person_id=person.id, secret="sealed"),
            Passkey(person_id=person.id, credential=f"c{person.id}", public_key="k", name=MARK),
            RecoveryCode(person_id=person.id, code_hash="2" * 64),
            Extension(attempt_id=attempt.id, seconds=60, reason=MARK),
            Pause(attempt_id=attempt.id, started_at=now, ended_at=now),
            Reading(person_id=person.id, module="C1.1", anchor=MARK),
            PracticeWork(person_id=person.id, module="C1.1", text=f"text of {MARK}"),
            EmbeddedAnswer(
                person_id=person.id,
                item_key=publishing.item(revision).id,
                revision_id=revision,
                instance=attempt.items[0].instance,
                value={"answer": [MARK]},
                credit=0.0,
            ),
            TrialAnswer(
                person_id=person.id,
                item_key=MARK,
                revision_id=revision,
                attempt_id=attempt.id,
                sub="content.copy",
                category=0,
                categories=2,
                information=0.2,
                answered_at=now,
            ),
            Standing(
                person_id=person.id,
                role="smm_manager",
                organisation_id=person.organisation_id,
                ranked=False,
                composite=0.0,
                low=0.0,
                high=0.0,
                outcome="inconclusive",
            ),
            WeeklyAim(person_id=person.id, kind="answers", number=5, code=f"code of {person.id}"),
            Certificate(person_id=person.id, course="C1", code="AAAAA-AAAAA-AAAAA", data={"name": MARK}),
            FrameworkEdition(
                organisation_id=person.organisation_id,
                number=1,
                created_by=person.id,
                reason="why",
                origin="panel",
                overlay={},
            ),
            FactCheck(
                organisation_id=person.organisation_id,
                fact="instagram.caption_max",
                value=2200,
                as_of=clock.now().date(),
                basis="why",
                created_by=person.id,
            ),
            CalibrationRun(organisation_id=person.organisation_id, created_by=person.id, outcome="empty"),
            ItemVoid(
                organisation_id=person.organisation_id,
                item_key="another",
                is_void=False,
                reason="why",
                created_by=person.id,
            ),
        ]
    )
    evidence.mark_seen(person.id, "another", MARK)
    be_selected(person)
    play(person)
    judge(person, cast.person("instructor"))
    db.session.commit()
    return person


def be_selected(person: Person) -> None:
    """All that a campaign notes about a candidate, and what HR leaves behind."""
    now, house = clock.now(), person.organisation_id
    campaign = Campaign(organisation_id=house, name="Spring", role="smm_manager", form="own", created_by=person.id)
    campaign.closes_at, campaign.delete_on = now + timedelta(days=7), now.date()
    db.session.add(campaign)
    db.session.flush()
    candidate = Candidate(organisation_id=house, campaign_id=campaign.id, person_id=person.id, token_expires_at=now)
    candidate.name, candidate.email, candidate.external_id = f"{MARK} person", f"{MARK}@candidate.example", MARK
    candidate.token_hash = MARK
    db.session.add(candidate)
    db.session.flush()
    mail.post(house, candidate.email, f"To {MARK}", f"Dear {MARK}")
    mine = {"person_id": person.id, "candidate_id": candidate.id}
    ours = mine | {"organisation_id": house}
    db.session.add_all(
        [
            CandidateEvent(**mine, kind="opened", device=MARK),
            Contest(**ours, text=MARK, answer=MARK),
            GroupAnswer(**ours, campaign_id=campaign.id, name="region", value=MARK),
            InterviewScore(**ours, question="q", sub="content.copy", score=3, note=MARK, scored_by=person.id),
            IssuedReport(**ours, audience="hr", language="en", snapshot=MARK, sha256="3" * 64),
            NormGroup(organisation_id=house, name="all", language="hy", campaigns=[campaign.id], created_by=person.id),
            LetterText(organisation_id=house, kind="reminder", language="en", subject="s", body="b"),
            Decision(
                organisation_id=house,
                campaign_id=campaign.id,
                candidate_id=candidate.id,
                number=1,
                stage_from="assessment",
                stage_to="interview",
                reason=f"{MARK} why",
                reason_sha256="5" * 64,
                suggested="inconclusive",
                decided_by=person.id,
                decided_by_id=person.id,
                at=now,
                seal="4" * 64,
            ),
        ]
    )
    be_ordered(candidate, person)
    sit_on_panel(person)
    db.session.flush()
    db.session.scalars(select(LetterText).filter_by(organisation_id=house)).one().changed_by = person.id


def sit_on_panel(person: Person) -> None:
    """A panel that the person opened and was invited to."""
    house = {"organisation_id": person.organisation_id}
    panel = Panel(**house, level=3, pool="placement", items=[], closes_at=clock.now(), created_by=person.id)
    db.session.add(panel)
    db.session.flush()
    judge = PanelJudge(**house, panel_id=panel.id, name=MARK, email=person.email, expires_at=clock.now())
    db.session.add(judge)
    db.session.flush()
    db.session.add(PanelRating(**house, panel_id=panel.id, judge_id=judge.id, round=1, position=1, value=50))


def be_ordered(candidate: Candidate, by: Person) -> None:
    """The candidacy as a program's order that was told of."""
    house = candidate.organisation_id
    token, _ = tokens_of_programs.make(house, "ATS", ["orders:read"], by.id)
    hook, _ = webhooks.add(house, "https://ats.example.org", by.id)
    db.session.flush()
    keys = {"idempotency_key": "key-0001", "request_sha256": "6" * 64}
    order = ApiOrder(organisation_id=house, token_id=token.id, candidate_id=candidate.id, public_id=MARK, **keys)
    db.session.add(order)
    db.session.flush()
    sent = WebhookDelivery(organisation_id=house, webhook_id=hook.id, order_id=order.id, event="order.started")
    sent.body = MARK
    link = lever_orders.add_link(house, "Assessment", "signing-token", "key-of-lever", by.id)
    db.session.flush()
    came = LeverOpportunity(organisation_id=house, link_id=link.id, opportunity=MARK, order_id=order.id)
    heard = PartnerCallback(organisation_id=house, order_id=order.id, partner="workable", url=MARK, key="sealed")
    db.session.add_all([sent, came, heard])


def play(person: Person) -> None:
    """A run of the Campaign Lab that is evidence."""
    task = TASKS["campaign"]
    run = runs.start(person, task, brief="tonir", seed=task.seeds[0], language="hy", give_back_url="/assigned/1")
    for base, action in enumerate(player.log()):
        runs.take(run, runs.Sent(action, f"key-of-{base:06}", base))


def judge(person: Person, rater: Person) -> None:
    """A text of the person's that is rated; the person is a rater too."""
    writer.name_raters(person, rater)
    written = writer.write(person, text=f"text of {MARK}")
    assert files.add(written, f"{MARK}.pdf", f"%PDF-1.7 {MARK}".encode()) == ""
    rating = desk.take_next(rater)
    assert rating
    ratings.give(rating, tasks.TASKS["reply"], {**writer.scores("reply", 2), "note_language": f"well done, {MARK}"})
