"""Columns of accounts, sign-in and letters."""

from __future__ import annotations

from lms.content.text import Text

LABELS = {
    "action": Text(en="Act", hy="Գործողություն"),
    "active": Text(en="May sign in", hy="Կարող է մուտք գործել"),
    "actor": Text(en="Done by, number", hy="Կատարողի համարը"),
    "answers": Text(en="Answers", hy="Պատասխաններ"),
    "as_of": Text(en="Looked up on", hy="Ստուգման օրը"),
    "detail": Text(en="Details", hy="Մանրամասներ"),
    "extra_time": Text(en="Time limits are multiplied by", hy="Ժամանակը բազմապատկվում է"),
    "fact": Text(en="Platform fact", hy="Հարթակի փաստ"),
    "is_demo": Text(en="Person of the demo", hy="Ցուցադրական անձ"),
    "is_erased": Text(en="Erased", hy="Ջնջված է"),
    "is_open": Text(en="Not ended", hy="Չի ավարտվել"),
    "is_void": Text(en="Void", hy="Անվավեր է"),
    "language_chosen": Text(en="Language chosen by the person", hy="Լեզուն ընտրել է ինքը"),
    "last_step": Text(en="Half minute of the last code", hy="Վերջին կոդի կես րոպեն"),
    "origin": Text(en="Where cuts come from", hy="Շեմերի ծագումը"),
    "overlay": Text(en="What was set", hy="Սահմանվածը"),
    "recipient": Text(en="To", hy="Ում"),
    "role_wanted": Text(en="Role aimed at", hy="Ցանկալի դերը"),
    "seen_at": Text(en="Last sign of life", hy="Վերջին նշանը"),
    "sent_at": Text(en="Sent at", hy="Ուղարկվել է"),
    "set_id": Text(en="Set of figures, number", hy="Թվերի հավաքածուի համարը"),
    "steps": Text(en="Steps in all", hy="Քայլերի թիվը"),
    "stop": Text(en="To be stopped", hy="Պետք է դադարեցվի"),
    "used_at": Text(en="Used at", hy="Օգտագործվել է"),
    "useless_from": Text(en="Of no use from", hy="Անօգուտ է սկսած"),
    "uses": Text(en="Times used", hy="Քանի անգամ է օգտագործվել"),
}
