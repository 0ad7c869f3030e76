"""Adds to a quotation about a person or thing the sentences behind it that go on about it: "He was born in …", 同氏は…."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from askjapan.answering.quoting.quotations import MOST_WORDS, PARAGRAPH, Around, Quotation, later, merged, ordered, text_at
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.language.words import count_words
from askjapan.language.years import years_in

_EN, _JA = wordings("sequels", "en"), wordings("sequels", "ja")
MOST_BEHIND = 2
_PERSON = re.compile(rf"^(?:{_EN['persons']})\b|^(?:{_JA['persons']})(?:は|が|も)", re.IGNORECASE)
_THING = re.compile(rf"^(?:{_EN['things']})\b|^(?:{_JA['things']})(?:は|が|も)", re.IGNORECASE)
_TELLS = re.compile(rf"^\w+\s+(?:(?:\w+ly|{_EN['before_verb']})\s+)*(?:{_EN['tells']})\b|{_JA['tells']}", re.IGNORECASE)


def with_sequels(given: Sequence[Quotation], name: str, around: Around, *, person: bool) -> list[Quotation]:
    """Quotations, those whose last sentence has a name continued by at most `MOST_BEHIND` sentences that tell an office, a role or a date.

    Args:
        given: the quotations, in their order.
        name: the person or thing that is asked about.
        around: access to the text around them.
        person: whether that is a person; "he" does not go on about a thing.
    """
    subject = _PERSON if person else _THING
    longer = [_continued(one, subject, around) if _names(text_at(one.parts[-1]), name) else one for one in given]
    return ordered(merged(longer), best_first=True) if longer != list(given) else list(given)


def _names(text: str, name: str) -> bool:
    """Whether a text has a name; of a person in Latin letters the last word is enough."""
    if is_foreign(name):
        return name in text
    last = terms(name.split()[-1]) if name.split() else []
    return bool(last) and set(last) <= set(terms(text))


def _continued(one: Quotation, subject: re.Pattern[str], around: Around) -> Quotation:
    if one.frame or any(unit.kind != "sentence" for unit in one.units):
        return one
    parts = list(one.parts)
    words = sum(count_words(text_at(part)) for part in parts)
    while len(parts) < len(one.parts) + MOST_BEHIND and (following := later(*parts[-1], around.after)):
        text = text_at(following)
        words += count_words(text)
        if (
            not subject.match(text)
            or not (_TELLS.search(text) or years_in(text))
            or words > MOST_WORDS
            or PARAGRAPH.search(around.between(parts[-1], following))
        ):
            break
        parts.append(following)
    return replace(one, parts=tuple(parts))
