"""Why something is withheld from a person's copy or stays when the person goes, as the page and the copy say it."""

from __future__ import annotations

from lms.content.text import Text

SECRET = Text(
    en="a secret that opens the account; only its check value is kept",
    hy="գաղտնիք, որով հաշիվը բացվում է. պահվում է միայն դրա ստուգիչ արժեքը",
)
KEYS = Text(
    en="it holds the key of the question; what you were shown stands under “Questions and answers”",
    hy="դրա մեջ է հարցի բանալին. ինչ ձեզ ցույց է տրվել, գրված է «Հարցեր և պատասխաններ» մասում",
)
DRAW = Text(
    en="the start of the draw: it would tell questions that are still to come",
    hy="պատահական ընտրության սկիզբը. այն կմատներ դեռ չտրված հարցերը",
)
CHAIN = Text(
    en="the check value of the trail's chain; it says nothing about you",
    hy="մատյանի շղթայի ստուգիչ արժեքը. ձեր մասին ոչինչ չի ասում",
)
BLIND = Text(
    en="ratings are given without names, and stay so",
    hy="գնահատականները տրվում են առանց անունների և այդպես էլ մնում են",
)
TRAIL = Text(
    en="The trail proves who changed what; its entries name people by number, and nothing says any more whose it was.",
    hy="Մատյանն ապացուցում է, թե ով ինչ է փոխել. մարդիկ այնտեղ միայն համարով են, և այլևս ոչինչ չի ասում, թե ումն էր "
    "այդ համարը։",
)
WORK = Text(
    en="It is the organisation's work and holds for everybody; of its author only a number is left.",
    hy="Դա կազմակերպության աշխատանքն է և վերաբերում է բոլորին. հեղինակից մնում է միայն համարը։",
)
NUMBER = Text(
    en="The number stays, without name, address or anything else, so that nobody else is ever given it.",
    hy="Համարը մնում է՝ առանց անվան, հասցեի կամ այլ բանի, որպեսզի երբեք ուրիշին չտրվի։",
)
LINK = Text(
    en="The number of a link stays, without address and roles, since the trail names it; the link is dead.",
    hy="Հղման համարը մնում է՝ առանց հասցեի ու դերերի, քանի որ մատյանը հիշատակում է այն. հղումն այլևս չի գործում։",
)
CODE = Text(
    en="The code stays and says that the certificate is withdrawn; name, course results and levels are gone.",
    hy="Կոդը մնում է և ասում է, որ հավաստագիրը հետ է կանչված. անունը, արդյունքներն ու մակարդակները ջնջված են։",
)
STATISTICS = Text(
    en="Marks and chosen options are kept for statistics: under a new random number, all times moved by an unknown "
    "span, typed texts emptied.",
    hy="Գնահատականներն ու ընտրած տարբերակները մնում են վիճակագրության համար՝ նոր պատահական համարով, բոլոր ժամերը "
    "տեղաշարժած անհայտ չափով, գրած տեքստերը դատարկած։",
)
DECISIONS = Text(
    en="The chain of decisions proves that a person decided and why; it names candidates by number, and nothing says "
    "any more whose it was.",
    hy="Որոշումների շղթան ապացուցում է, որ որոշել է մարդը և ինչու. թեկնածուներն այնտեղ միայն համարով են, և այլևս ոչինչ "
    "չի ասում, թե ումն էր այդ համարը։",
)
CANDIDACY = Text(
    en="That somebody was a candidate stays for the counts of the campaign: a number without name, address or link.",
    hy="Որ ինչ-որ մեկը թեկնածու է եղել, մնում է ընտրության հաշվարկների համար՝ որպես համար, առանց անվան, հասցեի "
    "և հղման։",
)
