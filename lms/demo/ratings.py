"""Written tasks in the demo: one is rated and read by its author, one is shared, one waits for raters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lms.database import db
from lms.demo.people import Learner
from lms.identity.models import Membership, Organisation, Person
from lms.rating import desk, ratings, works
from lms.rating.models import Rater
from lms.rating.tasks import TASKS

RATERS = ("hr", "instructor")  # the roles whose people rate in the demo


@dataclass(frozen=True)
class Piece:
    """scores, notes: by criterion, of each rater; none where it still waits."""

    task: str
    variant: str
    text: str
    scores: tuple[Mapping[str, int], ...] = ()
    notes: Mapping[str, str] | None = None
    shared: bool = False


PIECES = {
    "ani": Piece(
        "caption",
        "wool",
        "Երկու օր։ Այդքան է պետք, որ Վանադզորում մի վզնոց ծնվի՝ լոռեցի հովվի բրդից, ութ կնոջ ձեռքերով։\n\n"
        "Եթե ամանորյա սեղանից առաջ նվեր եք փնտրում մեկի համար, որն ամեն ձմեռ մրսում է, գրեք մեզ անձնական նամակով, "
        "թե ում համար է։ Մենք գույնը կառաջարկենք, դուք կընտրեք։ Գինը՝ 14 000 դրամ։\n\n"
        "Դեկտեմբերի 20-ից հետո տրված պատվերներն այս տարի չեն հասցնի ճանապարհ ընկնել։",
        (
            {"first_line": 3, "message": 3, "action": 3, "tone": 3, "language": 2, "truth": 3},
            {"first_line": 2, "message": 3, "action": 3, "tone": 2, "language": 2, "truth": 3},
        ),
        {"first_line": "«Երկու օր» սկիզբը կանգնեցնում է աչքը։ Հաջորդ քայլը՝ նույն շնչով անցնել նվեր փնտրողին։"},
    ),
    "davit": Piece(
        "reply",
        "cakes",
        "Լուսինե, Հրայր, ցավում ենք, որ Ձեր երեկոն այսպես անցավ։ Մեքենաներից մեկը փչացել էր ժամը 15:00-ին, և առնվազն "
        "յոթ պատվեր ուշացավ։ Թե ինչպես է սխալ անուն գրվել, դեռ պարզում ենք։ Այսօր ժամը 15:00-ից տնօրենն ինքը կգրի "
        "ամեն մեկիդ անձնական նամակով և կասի, թե ինչ ենք անում Ձեր պատվերի հետ։ Վարդան, Ձեր համարը թաքցրինք, որ ուրիշ "
        "մարդիկ չզանգեն. Ձեզ էլ կգրենք անձնական։",
        (
            {"acknowledges": 2, "responsibility": 3, "next_step": 3, "channel": 3, "language": 2},
            {"acknowledges": 2, "responsibility": 2, "next_step": 3, "channel": 3, "language": 3},
        ),
        {"acknowledges": "Կարելի էր անվանել հենց երեխայի առանց մոմերի մնացած երեկոն։"},
        shared=True,
    ),
    "nare": Piece(
        "reply",
        "guesthouse",
        "Բարև ձեզ։ Շատ ենք ցավում բոլոր այն հյուրերի համար, ովքեր շաբաթ գիշեր մնացին առանց տաք ջրի։ Կաթսան կիրակի ժամը "
        "14:00-ից աշխատում է։ Թե ինչու ենք հաղորդագրություններն անպատասխան թողել, պարզում ենք։ Վաղը ժամը 12:00-ին "
        "Արմինեն այստեղ կգրի, թե ինչպես ենք փոխհատուցում։ Սոնա, Ձեզ կգրենք անձնական՝ Ձեր ամրագրման մասին։",
    ),
}


def name_raters(organisation: Organisation) -> None:
    """The agency's HR person and instructor."""
    staff = select(Person).join(Membership).where(Membership.role.in_(RATERS))
    for person in db.session.scalars(staff.where(Person.organisation_id == organisation.id).order_by(Person.id)):
        if db.session.get(Rater, person.id) is None:
            db.session.add(Rater(person_id=person.id, organisation_id=organisation.id, named_by=person.id))
    db.session.flush()


def write(person: Person, learner: Learner) -> None:
    """The learner's piece, and what the raters said of it by now."""
    piece = PIECES.get(learner.mailbox)
    if piece is None:
        return
    task = TASKS[piece.task]
    work = works.start(person, task, "hy", piece.variant)
    works.take(work, works.Draft({task.fields[0].name: [piece.text]}, 0, "de" * 8, 1))
    works.finish(work)
    work.shared = piece.shared
    db.session.flush()
    for number, rater_id in enumerate(sorted(desk.raters(person.organisation_id))[: len(piece.scores)]):
        sent = {f"score_{name}": str(score) for name, score in piece.scores[number].items()}
        notes = {} if number else {f"note_{name}": note for name, note in (piece.notes or {}).items()}
        ratings.give(desk.take(work, rater_id), task, sent | notes)
        ratings.settle(work)
