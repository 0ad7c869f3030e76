"""Puts into a follow-up the name that its pronoun stands for: that of the question before it, else that of its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.answering.plans.works.named import groups
from askjapan.answering.plans.works.years import asks_for_year, with_title
from askjapan.answering.question import NAME
from askjapan.language.question_kinds import asking_words, is_asking
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import without_possessive
from askjapan.language.wordings import wordings
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone, questions_of, stand_alone
from askjapan.retrieval.turns.subject import speaks_of_another, with_small_opening, without_opening

_EN, _JA = wordings("antecedents", "en"), wordings("antecedents", "ja")
MOST_TURNS = 6
"""Number of earlier turns that are answered again to find who is spoken of."""
MOST_WORDS = 6
_PERSONAL = re.compile(rf"\b(?:{_EN['personal']})\b", re.IGNORECASE)
_OTHER = re.compile(rf"\b(?:{_EN['other']})\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    rf"\bit\s+(?:{_EN['no_subject']})\b|\b(?:is|was|would|be|did) it\s+(?:{_EN['no_subject']})\b", re.IGNORECASE
)
_ELLIPTIC = re.compile(
    r"^(?:and|but|so|then|or|what about|how about)\b|\bhow (?:many|much)\s+(?:did|do|does|is|are|was|were|has|have)\b",
    re.IGNORECASE,
)
"""Message that leaves out more than a name: "And how many did it send in 1990?"."""
_OWNING = {"his", "her", "its", "their"}
_PERSONAL_JA = re.compile(rf"(?:{_JA['personal']})(?=[はがのをにも])")
_OTHER_JA = re.compile(rf"(?:{_JA['other']})(?=[はがのをにも])")
_ASKED_JA = re.compile(
    r"^[「『]?([一-鿿々ァ-ヴー・A-Za-z]{2,20})[」』]?(?:とは|って|は)(?:誰|だれ|何|なに|どんな|どのような|どういう)"
)
_NAMED_JA = re.compile(r"は([一-鿿々ァ-ヴー・]{2,8})(?:である|であった|でした|です|だった)。")
_RUN = re.compile(rf"{NAME.pattern}(?: (?:(?:of|de|van|von) )?{NAME.pattern})*")
_AT_A_PLACE = re.compile(rf"\b(?:{_EN['at_a_place']})\s+(?:the\s+)?$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_NO_PERSON = re.compile(rf"\b(?:{_EN['no_person']})\b", re.IGNORECASE)
_ASKED = re.compile(r"^(?:(?:(?P<who>who)|what) (?:is|are|was|were)|tell me about) (?P<name>[^?.]+?)[?.]*$", re.IGNORECASE)
_WHICH = re.compile(r"^(?:which|what)\b|どの|何という", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|or)\b")
_POINTING = re.compile(r"\b(?:he|she|it|they|this|that|these|those|his|her|its|their|there)\b", re.IGNORECASE)
_RELATED = re.compile(r"\b(?:of|in|on|for|that|which|who|by|to|from|with)\b")


def resolved(
    message: str, history: Sequence[str], ask: Callable[[Standalone, Sequence[str]], Answer], turns: int = MOST_TURNS
) -> Standalone:
    """A message made to stand alone, with the name of whom or what it speaks where that is one; else as by `stand_alone`.

    Args:
        message, history: as for `stand_alone`.
        ask: answers a question that was asked after a history.
        turns: maximum number of earlier turns that are resolved in this way.

    Raises:
        QuestionError: as for `stand_alone`.
    """
    alone = stand_alone(message, history)
    dated, person = asks_for_year(alone.message), refers_to_person(alone.message)
    if not alone.follow_up or alone.goes_on or not (dated or person or refers_to_thing(alone.message)):
        return alone
    *earlier, last = questions_of(history)
    before = resolved(last, earlier, ask, turns - 1) if turns else stand_alone(last, earlier)
    if dated:
        title = _work_of(alone.message, before.question, ask(before, earlier))
        return replace(alone.asking(with_title(alone.message, title)), otherwise=None) if title else alone
    # What was added to a follow-up is of the question before that one, and may be a place's.
    asked = with_small_opening(before.message) if before.searched or before.shown else before.question
    if speaks_of_another(asked):
        return alone
    names = named_in_question(asked, person=person)
    if len(names) > 1:
        return alone
    sure = not person or is_foreign(asked) or bool(_ASKED.match(asked))
    name = names[0] if names and (sure or " " in names[0]) else ""
    if not name and (person or _WHICH.search(asked)):
        answer = ask(before, earlier)
        name = _whole(names[0], answer) if names else named_in_answer(answer, person=person)
    question = with_name(without_opening(alone.message), name) if name else ""
    return alone.asking(question) if question else alone


def _work_of(message: str, question: str, answer: Answer) -> str:
    """The title of the only work that an answer cites or lists, where the message or the question before speaks of a text; else empty."""
    titles = {citation.title: citation.authors for citation in answer.citations}
    titles |= {str(s.saying.values["title"]): () for s in answer.sentences if s.saying and "title" in s.saying.values}
    if not answer.answered or len(titles) != 1:
        return ""
    ((title, authors),) = titles.items()
    named = any(name.split()[-1] in question for name in authors if name.split())
    return title if named or answer.kind in ("library", "overview") or "text" in groups(f"{message} {question}") else ""


def refers_to_person(message: str) -> bool:
    """Whether a message has a pronoun for a person: "he", 彼."""
    return bool(_PERSONAL_JA.search(message) if is_foreign(message) else _PERSONAL.search(message))


def refers_to_thing(message: str) -> bool:
    """Whether a message has a pronoun that stands for a thing or for several people, and leaves out nothing else."""
    if is_foreign(message):
        return bool(_OTHER_JA.search(message))
    return bool(_OTHER.search(message)) and not _NO_SUBJECT.search(message) and not _ELLIPTIC.search(message)


def with_name(message: str, name: str) -> str:
    """A message with a name in place of its first pronoun; empty where it has none."""
    if is_foreign(message):
        pattern = _PERSONAL_JA if _PERSONAL_JA.search(message) else _OTHER_JA
        return pattern.sub(lambda match: name, message, count=1) if pattern.search(message) else ""
    match = _PERSONAL.search(message) or _OTHER.search(message)
    if match is None:
        return ""
    behind = message[match.end() :].lstrip()
    owns = match.group().lower() in _OWNING and behind[:1].isalpha()
    put = f"{name}’s" if owns else name
    put = f"{put[0].upper()}{put[1:]}" if match.start() == 0 else put
    before = message[: match.start()]
    if match.group().lower() == "they" and not name.endswith("s") and " and " not in name:
        before = re.sub(
            r"\b(were|are|do|have)(?=\s+$)", lambda verb: _SINGULAR[verb.group().lower()], before, flags=re.IGNORECASE
        )
    return f"{before}{put}{message[match.end() :]}"


_SINGULAR = {"were": "was", "are": "is", "do": "does", "have": "has"}


def named_in_question(question: str, *, person: bool) -> tuple[str, ...]:
    """What a question asks about by name: of persons, or of anything else. What it happens at, and a person for a thing, do not count."""
    if is_foreign(question):
        asked = _ASKED_JA.match(question)
        return (asked.group(1),) if asked and asked.group(1) not in asking_words("ja") else ()
    if (asked := _ASKED.match(question)) and _is_one(asked.group("name"), person=person, who=bool(asked.group("who"))):
        return (asked.group("name"),)
    names: dict[str, None] = {}
    for match in _RUN.finditer(question):
        name, before = without_possessive(match.group()), question[: match.start()]
        if not before or before.rstrip()[-1:] in ".?!":
            first, _, rest = name.partition(" ")
            name = rest if is_asking(first) or not rest else name
        article, body = _ARTICLE.search(before), bool(_NO_PERSON.search(name))
        if not name or _AT_A_PLACE.search(before) or (person and (article or body)):
            continue
        if person or body or article or (name.isupper() and len(name) > 1):
            names[f"the {name}" if not person and article else name] = None
    return tuple(names)


def _is_one(name: str, *, person: bool, who: bool) -> bool:
    """Whether what a question asks about by itself is a name of a person, or for a thing a name or a short term."""
    if not 0 < len(name.split()) <= MOST_WORDS or _JOINED.search(name) or _POINTING.search(name):
        return False
    whole = _RUN.fullmatch(re.sub(r"^(?:the|an?)\s+", "", name))
    return bool(whole) if person else not who and (bool(whole) or not _RELATED.search(name))


def _whole(name: str, answer: Answer) -> str:
    """A name of one word, where an answer shows that it is a person's: by an author of that name, or by a given name; else empty."""
    quotes = " ".join(sentence.text for sentence in answer.sentences if sentence.kind == "quote")
    authors = [author for citation in answer.citations for author in citation.authors]
    wholes = [match.group() for match in _RUN.finditer(quotes) if " " in match.group()]
    return name if any(one.split()[-1:] == [name] for one in (*authors, *wholes)) else ""


def named_in_answer(answer: Answer, *, person: bool) -> str:
    """The one name that answers a question, or the only whole name of a person in its first quote; empty where there are none or several."""
    if not answer.answered:
        return ""
    quote = next((sentence.text for sentence in answer.sentences if sentence.kind == "quote"), "")
    if is_foreign(quote):
        if answer.short and re.fullmatch(r"[一-鿿々ァ-ヴー・]{2,12}", answer.short):
            return answer.short
        names = list(dict.fromkeys(_NAMED_JA.findall(quote)))
        return names[0] if len(names) == 1 else ""
    runs = [match.group() for match in _RUN.finditer(answer.short)]
    if len(runs) == 1 and not any(character.isdigit() for character in answer.short):
        if person:
            return "" if _NO_PERSON.search(runs[0]) else runs[0]
        return f"the {runs[0]}" if re.search(rf"\bthe {re.escape(runs[0])}", quote, re.IGNORECASE) else runs[0]
    if not person or runs:
        return ""
    whole = [
        name
        for match in _RUN.finditer(quote)
        if " " in (name := match.group()) and not _NO_PERSON.search(name) and not _AT_A_PLACE.search(quote[: match.start()])
    ]
    return whole[0] if len(set(whole)) == 1 else ""
