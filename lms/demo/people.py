"""The invented agency and its people. Abilities are on the theta scale, one per skill in the matrix's order."""

from __future__ import annotations

from dataclasses import dataclass

AGENCY = ("nrneni", "Նռնենի գործակալություն")
DOMAIN = "nrneni.example"
SKILLS = ("platforms", "content", "analytics", "communication", "creativity", "time_management")


@dataclass(frozen=True)
class Learner:
    """modules: how many of the course modules they have worked through; days: since their first day, at most 21."""

    name: str
    mailbox: str
    theta: tuple[float, ...]
    modules: int
    days: int
    placement: bool = True
    wants: str = "smm_manager"

    def ability(self, skill: str) -> float:
        return self.theta[SKILLS.index(skill)]


LEARNERS = (
    Learner("Անի Հովհաննիսյան", "ani", (0.3, 0.6, 0.1, 0.9, 0.4, 0.2), 6, 20),
    Learner("Դավիթ Գրիգորյան", "davit", (1.3, 0.9, 1.4, 0.8, 0.7, 1.0), 10, 21),
    Learner("Նարե Սարգսյան", "nare", (-0.4, 0.2, -0.9, 0.4, 0.5, -0.3), 4, 17),
    Learner("Արամ Պետրոսյան", "aram", (0.6, -0.2, 0.8, -0.3, -0.1, 0.5), 5, 19, wants="social_media_analyst"),
    Learner("Մանե Կարապետյան", "mane", (0.1, 1.2, -0.4, 0.6, 1.3, -0.2), 5, 15, wants="content_creator"),
    Learner("Հայկ Մինասյան", "hayk", (-1.2, -1.0, -1.4, -0.6, -0.8, -1.1), 3, 12, wants="smm_intern"),
    Learner("Սոնա Ավագյան", "sona", (0.9, 0.5, 0.6, 1.5, 0.3, 1.1), 5, 18, wants="community_manager"),
    Learner("Ռուբեն Ղազարյան", "ruben", (-0.2, 0.0, -0.1, 0.1, -0.3, 0.0), 2, 6, placement=False, wants="junior_smm"),
    Learner("Էլեն Ստեփանյան", "elen", (0.4, 0.3, 0.0, 0.2, 0.6, 0.1), 0, 2, wants="junior_smm"),
)
STAFF = (
    ("Լիլիթ Մկրտչյան", "lilit", ("hr",)),
    ("Տիգրան Ասատրյան", "tigran", ("instructor",)),
    ("Գոռ Մանուկյան", "gor", ("administrator",)),
    ("Կարինե Սիմոնյան", "karine", ("instructor",)),  # a third rater, where two differ
)
INVITED = (("arpi", ("trainee",), 50), ("vahan", ("trainee",), 26), ("nune", ("instructor",), 3))  # hours ago
WORKS = (
    "Աղյուսակը կազմեցի մեր ծանոթ սրճարանի համար։ Ամենադժվարը չափելի ցուցանիշ գտնելն էր. սկզբում գրել էի "
    "«ավելի հայտնի դառնալ», հետո փոխեցի՝ «ամսական 40 հարց անձնական հաղորդագրություններով»։",
    "Երեք տարբերակ գրեցի և ընտրեցի երկրորդը, որովհետև այն պատասխանում է հաճախորդի իրական հարցին։ "
    "Առաջինում միայն ապրանքի մասին էի խոսում։",
    "Համեմատեցի երկու ուղի՝ նույն բյուջեով։ Հաշվի առա ոչ միայն հասանելիությունը, այլև այն, թե քանի մարդ "
    "կարող է հարց տալ և ստանալ պատասխան։",
    "Հարցրի հինգ հաճախորդի և գրի առա նրանց բառերը։ Երկուսի պատասխանները հակասեցին իմ ենթադրությանը, ուստի "
    "պերսոնայում նշեցի՝ ինչն է ապացույց, ինչը՝ դեռ վարկած։",
)
