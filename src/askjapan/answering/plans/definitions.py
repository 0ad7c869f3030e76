"""Finds sentences that define a thing or an acronym, or say who a person is."""

from __future__ import annotations

import re
from functools import lru_cache

from askjapan.answering.candidates import Candidate
from askjapan.answering.question import Asked
from askjapan.language.question_kinds import is_asking
from askjapan.language.scripts import is_foreign
from askjapan.language.wordings import wordings

DEFINES = 2.0
"""Logits added to a sentence that defines the term asked for; one that only glosses it gets half."""
_EN, _JA = wordings("definitions", "en"), wordings("definitions", "ja")
ACRONYM = re.compile(r"\b[A-Z][A-Z&]{1,7}\b")
_CAPITAL = r"[A-Z][\w’']*+(?:-[a-z\d][\w’']*+)*+"
_SPELLED = re.compile(
    rf"(?<![\w’'-])({_CAPITAL}(?:[ -](?:(?:of|the|for|and|in|on|de|to|&)[ -])*{_CAPITAL}){{1,9}})\s*[(（]\s*([A-Z][A-Z&]{{1,7}})s?\b"
)
_BRACKETED = re.compile(r"\b([A-Z][A-Z&]{1,7})\s*[(（]\s*([A-Z][\w’']*+(?:[ -][\w’']++){1,19}+)\s*[)）]")
_TERM = re.compile(r"[\w’'&.-]+(?: [\w’'&.-]+)*")
_JAPANESE_TERM = re.compile(r"^[「『]?(.+?)[」』]?(?:とは|の意味|の定義|って|は誰|は何|について|はどんな)")


def expansion(question: str, text: str) -> str:
    """The full form of the question's acronym, or the acronym of its full form, from brackets in a text; else empty."""
    pairs: dict[str, str] = {acronym: name for name, acronym in _SPELLED.findall(text) if _initials(name, acronym)}
    pairs |= {acronym: name for acronym, name in _BRACKETED.findall(text) if _initials(name, acronym)}
    wanted = set(ACRONYM.findall(question))
    for acronym, name in pairs.items():
        name = _from_its_initial(name, acronym)
        if acronym in wanted:
            return name if name.casefold() not in question.casefold() else ""
        if name.casefold() in question.casefold() and re.search(r"\b(?:abbreviat\w+|acronym|short for)\b|略称|略語", question):
            return acronym
    return ""


def _from_its_initial(name: str, acronym: str) -> str:
    """The last words of a name whose initials are exactly the acronym; the whole name where there are none."""
    words = re.split(r"[ -]", name)
    for start in range(len(words)):
        if _initials(" ".join(words[start:]), acronym, exact=True):
            return name[name.index(words[start]) :]
    return name


def _initials(name: str, acronym: str, exact: bool = False) -> bool:
    """Whether the initials of a name end in an acronym, or with `exact` are equal to it."""
    capitals = "".join(word[0] for word in re.split(r"[ -]", name) if word[:1].isupper())
    plain = acronym.replace("&", "")
    return capitals == plain if exact else capitals.endswith(plain)


def defining(question: Asked, candidate: Candidate) -> float:
    """Logits added to a candidate that defines the term asked for."""
    text = candidate.text
    if expansion(question.text, text):
        return 2 * DEFINES
    term = term_of(question.text)
    if not term:
        return 0.0
    told, strong, weak = _defining(term)
    if told.search(text):
        return 2 * DEFINES
    return DEFINES if strong.search(text) else DEFINES / 2 if weak.search(text) else 0.0


@lru_cache(maxsize=256)
def _defining(term: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What a definition begins with in Japanese, what else defines the term, and what glosses it."""
    name = re.escape(term)
    told = rf"^[「『]?{name}[」』]?(?:[（(][^）)]*[）)])?とは(?!{_JA['no_definition']})"
    strong = (
        rf"^[“\"(]?(?:the |an? )?[“\"‘']?{name}[”\"’']?(?: \([^)]*\))?(?: itself)? (?:(?:is|are|was|were)\b(?! (?:"
        rf"{_EN['no_definition']})\b)|(?:means?|refers? to|denotes?|consists? of|describes?)\b)|"
        rf"\bby [“\"‘']?{name}[”\"’']?,? \w+ (?:mean|understand)|\b(?:define|understand|"
        rf"describe)s?d? (?:the )?[“\"‘']?{name}[”\"’']? as\b|"
        rf"^[「『]?{name}[」』]?(?:[（(][^）)]*[）)])?とは|^[「『]?{name}[」』]?(?:[（(][^）)]*[）)])?は.*(?:である|をいう|を指す|ことだ|ものだ|です)"
    )
    weak = (
        rf"[“\"‘']?{name}[”\"’']?\s*[(（][^)）]{{4,}}|{name}[”\"’']?, (?:an? |the |that is|or |which (?:is|are|means)|defined)|"
        rf"\b(?:called|known as|termed|namely|so-called|dubbed) [“\"‘']?{name}|{name}[^.]{{0,20}}\b(?:means|defined as|"
        rf"refers to)\b|{name}[」』]?(?:とは|と呼ば|という)"
    )
    return re.compile(told), re.compile(strong, re.IGNORECASE), re.compile(weak, re.IGNORECASE)


def term_of(question: str) -> str:
    """The term that a question asks about: its text without question words at both ends."""
    if match := _JAPANESE_TERM.match(question):
        return match.group(1).strip()
    words = question.rstrip(" ?.!").replace("“", "").replace("”", "").replace('"', "").split()
    while words and is_asking(words[0]):
        words.pop(0)
    while words and is_asking(words[-1]):
        words.pop()
    return " ".join(words)


def describing(question: Asked, candidate: Candidate) -> float:
    """Logits added to a candidate that says who a person is: an office before the name, or a description or dates after it."""
    name = term_of(question.text)
    if not name or not name.split():
        return 0.0
    text = candidate.text
    if is_foreign(name):
        return _describing_in_japanese(re.escape(name), text)
    family = re.escape(name.split()[-1])
    behind = (
        rf"{family}(?:, (?:an? |the |who |then |former |born )|\s*[(（](?:born |b\. )?\d{{4}}| (?:is|was) (?:an? |the |born))"
    )
    before = (
        rf"(?:\b[A-Z][a-z]+\.?|\b(?:governor|mayor|president|minister|professor|director|author|"
        rf"scholar)),? (?:[A-Z][\w’'-]+ ){{0,2}}{family}"
    )
    if re.search(behind, text):
        return DEFINES
    return DEFINES / 2 if re.search(before, text) and not re.match(rf"{family}\b", text) else 0.0


def _describing_in_japanese(name: str, text: str) -> float:
    if re.search(rf"^{name}(?:[（(][^）)]*[）)])?(?:とは|は).*(?:{_JA['roles']})", text):
        return DEFINES
    return DEFINES / 2 if re.search(rf"(?:{_JA['offices']}){name}|{name}(?:は|が)", text) else 0.0
