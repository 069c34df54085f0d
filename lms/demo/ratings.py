"""Written tasks in the demo: one that two raters agree on, one on which a third had to decide, one that waits for a
third rater, one that is shared, and one that nobody has read yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from lms.database import db
from lms.demo.people import Learner
from lms.identity.models import Membership, Organisation, Person
from lms.rating import desk, ratings, works
from lms.rating.models import RatedWork, Rater
from lms.rating.tasks import TASKS

RATERS = ("hr", "instructor")  # the roles whose people rate in the demo


@dataclass(frozen=True)
class DemoRating:
    """scores: by criterion, of each rater by place among the named ones, as many as there are by now; notes: of the
    first of them."""

    task: str
    variant: str
    text: str
    scores: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    notes: Mapping[str, str] | None = None
    shared: bool = False


# Two raters two points apart: what one calls taking responsibility is to the other a fault admitted too early.
ANIS_REPLY = DemoRating(
    "reply",
    "cakes",
    "Լուսինե, Ձեր երեխայի երեկոն առանց մոմերի անցավ մեր մեղքով, և մենք շատ ենք ցավում։ Առաքման մեքենան փչացել էր ժամը "
    "15:00-ին, և առնվազն յոթ պատվեր ուշացավ։ Հրայր, սխալ անվան պատճառը դեռ ճշտում ենք։ Վարդան, Ձեր համարը թաքցրինք, "
    "որպեսզի օտարները չզանգեն։ Տնօրենն այսօր ժամը 15:00-ից ինքը կգրի ամեն մեկիդ անձնական նամակով և կասի, թե ինչ ենք "
    "անում Ձեր պատվերի հետ։",
    {
        0: {"acknowledges": 3, "responsibility": 3, "next_step": 3, "channel": 3, "language": 3},
        1: {"acknowledges": 3, "responsibility": 1, "next_step": 3, "channel": 3, "language": 2},
        2: {"acknowledges": 3, "responsibility": 2, "next_step": 3, "channel": 2, "language": 3},
    },
    {"responsibility": "«Մեր մեղքով» բառերը ճիշտ են ուշացման համար, բայց տոնի ամբողջ պատճառը դեռ հայտնի չէ։"},
)
SONAS_REPLY = DemoRating(
    "reply",
    "guesthouse",
    "Տաթև, երկու երեխայով առանց տաք ջրի գիշերելը ծանր է, և մենք ցավում ենք։ Կաթսան կանգ էր առել շաբաթ երեկոյան, կիրակի "
    "ժամը 14:00-ից ջուրը տաք է։ Անահիտ, դեռ պարզում ենք, թե ինչու Ձեր նամակները մնացին առանց պատասխանի։ Վաղը ժամը "
    "12:00-ին սեփականատեր Արմինեն կհայտնի, թե ինչպես ենք փոխհատուցում։ Սոնա, Ձեր հանգստին ջուրն անպայման տաք կլինի։ "
    "Արտակ, աշխատակցի համարը թաքցրինք. գրեք մեզ անձնական նամակով։",
    {
        0: {"acknowledges": 3, "responsibility": 3, "next_step": 3, "channel": 3, "language": 3},
        2: {"acknowledges": 2, "responsibility": 1, "next_step": 3, "channel": 3, "language": 3},
    },
)


ANIS_CAPTION = DemoRating(
    "caption",
    "wool",
    "Երկու օր։ Այդքան է պետք, որ Վանաձորում մի վզնոց ծնվի՝ լոռեցի հովվի բրդից, ութ կնոջ ձեռքերով։\n\n"
    "Եթե ամանորյա սեղանից առաջ նվեր եք փնտրում մեկի համար, որն ամեն ձմեռ մրսում է, գրեք մեզ անձնական նամակով, "
    "թե ում համար է։ Մենք գույնը կառաջարկենք, դուք կընտրեք։ Գինը՝ 14 000 դրամ։\n\n"
    "Դեկտեմբերի 20-ից հետո տրված պատվերներն այս տարի չեն հասցնի ճանապարհ ընկնել։",
    {
        0: {"first_line": 3, "message": 3, "action": 3, "tone": 3, "language": 2, "truth": 3},
        1: {"first_line": 2, "message": 3, "action": 3, "tone": 2, "language": 2, "truth": 3},
    },
    {"first_line": "«Երկու օր» սկիզբը կանգնեցնում է աչքը։ Հաջորդ քայլը՝ նույն շնչով անցնել նվեր փնտրողին։"},
)
DAVITS_REPLY = DemoRating(
    "reply",
    "cakes",
    "Լուսինե, Հրայր, ցավում ենք, որ Ձեր երեկոն այսպես անցավ։ Մեքենաներից մեկը փչացել էր ժամը 15:00-ին, և առնվազն "
    "յոթ պատվեր ուշացավ։ Թե ինչպես է սխալ անուն գրվել, դեռ պարզում ենք։ Այսօր ժամը 15:00-ից տնօրենն ինքը կգրի "
    "ամեն մեկիդ անձնական նամակով և կասի, թե ինչ ենք անում Ձեր պատվերի հետ։ Վարդան, Ձեր համարը թաքցրինք, որ ուրիշ "
    "մարդիկ չզանգեն. Ձեզ էլ կգրենք անձնական։",
    {
        0: {"acknowledges": 2, "responsibility": 3, "next_step": 3, "channel": 3, "language": 2},
        1: {"acknowledges": 2, "responsibility": 2, "next_step": 3, "channel": 3, "language": 3},
    },
    {"acknowledges": "Կարելի էր անվանել հենց երեխայի առանց մոմերի մնացած երեկոն։"},
    shared=True,
)
NARES_REPLY = DemoRating(
    "reply",
    "guesthouse",
    "Բարև ձեզ։ Շատ ենք ցավում բոլոր այն հյուրերի համար, ովքեր շաբաթ գիշեր մնացին առանց տաք ջրի։ Կաթսան կիրակի ժամը "
    "14:00-ից աշխատում է։ Թե ինչու ենք հաղորդագրություններն անպատասխան թողել, պարզում ենք։ Վաղը ժամը 12:00-ին "
    "Արմինեն այստեղ կգրի, թե ինչպես ենք փոխհատուցում։ Սոնա, Ձեզ կգրենք անձնական՝ Ձեր ամրագրման մասին։",
)
PIECES: Mapping[str, tuple[DemoRating, ...]] = {
    "ani": (ANIS_CAPTION, ANIS_REPLY),
    "davit": (DAVITS_REPLY,),
    "nare": (NARES_REPLY,),
    "sona": (SONAS_REPLY,),
}


def name_raters(organisation: Organisation) -> None:
    """The agency's HR person and instructors."""
    staff = select(Person).join(Membership).where(Membership.role.in_(RATERS))
    for person in db.session.scalars(staff.where(Person.organisation_id == organisation.id).order_by(Person.id)):
        if db.session.get(Rater, person.id) is None:
            db.session.add(Rater(person_id=person.id, organisation_id=organisation.id, named_by=person.id))
    db.session.flush()


def write(person: Person, learner: Learner) -> None:
    """The learner's pieces, and what the raters said of them by now."""
    for piece in PIECES.get(learner.mailbox, ()):
        hand_in(person, piece)


def hand_in(person: Person, piece: DemoRating) -> None:
    """Have the person write it and the raters judge it."""
    _judge(_written(person, piece), piece)


def _written(person: Person, piece: DemoRating) -> RatedWork:
    task = TASKS[piece.task]
    work = works.start(person, task, "hy", piece.variant)
    works.take(work, works.WorkDraft({task.fields[0].name: [piece.text]}, 0, "de" * 8, 1))
    works.finish(work)
    work.shared = piece.shared
    db.session.flush()
    return work


def _judge(work: RatedWork, piece: DemoRating) -> None:
    named = sorted(desk.raters(work.organisation_id))
    for place, scores in piece.scores.items():
        sent = {f"score_{name}": str(score) for name, score in scores.items()}
        notes = {} if place else {f"note_{name}": note for name, note in (piece.notes or {}).items()}
        ratings.give(desk.take(work, named[place]), TASKS[piece.task], sent | notes)
        ratings.settle(work)
