"""Puts into a follow-up the name that its pronoun stands for: that of the question before it, else that of its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.answering.plans.library import groups
from askjapan.answering.plans.work_years import asks_for_year, with_title
from askjapan.answering.question import NAME
from askjapan.language.question_kinds import asking_words, is_asking
from askjapan.language.scripts import is_foreign
from askjapan.language.wordings import wordings
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone, questions_of, stand_alone

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
_ASKED = re.compile(
    r"^(?:who|what) (?:is|are|was|were) (?P<name>[^?]+?)\s*\??$|^tell me about (?P<other>[^?.]+?)[?.]*$", re.IGNORECASE
)


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
        return replace(alone, question=with_title(alone.message, title)) if title else alone
    # Words that were added in brackets are of the question before that one, and may be a place's.
    asked = before.question.removesuffix(f" ({' '.join(before.topic)})")
    name = named_in_question(asked, person=person) or named_in_answer(ask(before, earlier), person=person)
    question = with_name(alone.message, name) if name else ""
    return replace(alone, question=question) if question else alone


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


def named_in_question(question: str, *, person: bool) -> str:
    """The one name that a question asks about, of a person or of anything else; empty where there are none or several."""
    if is_foreign(question):
        asked = _ASKED_JA.match(question)
        return asked.group(1) if asked and asked.group(1) not in asking_words("ja") else ""
    if (asked := _ASKED.match(question)) and _is_one(name := (asked.group("name") or asked.group("other")), person=person):
        return name
    return _only(question, person=person)


def _is_one(name: str, *, person: bool) -> bool:
    """Whether what a question asks about by itself is a name, or for a thing a short term."""
    if not 0 < len(name.split()) <= MOST_WORDS or re.search(r"\b(?:and|or)\b", name):
        return False
    if re.search(r"\b(?:he|she|it|they|this|that|these|those|his|her|its|their|there)\b", name, re.IGNORECASE):
        return False
    whole = _RUN.fullmatch(re.sub(r"^(?:the|an?)\s+", "", name))
    return bool(whole) if person else bool(whole) or not re.search(r"\b(?:of|in|on|for|that|which|who|by|to|from|with)\b", name)


def _only(text: str, *, person: bool) -> str:
    """The only name in a text that may be of a person, or of a thing; a place that something happens at is neither."""
    names: dict[str, None] = {}
    for match in _RUN.finditer(text):
        name, before = match.group().removesuffix("'s").removesuffix("’s"), text[: match.start()]
        if match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!":
            first, _, rest = name.partition(" ")
            if is_asking(first) or not rest:
                name = rest
        if not name or _AT_A_PLACE.search(before):
            continue
        if person and (_ARTICLE.search(before) or _NO_PERSON.search(name)):
            continue
        names[f"the {name}" if not person and re.search(r"\bthe\s+$", before, re.IGNORECASE) else name] = None
    return next(iter(names)) if len(names) == 1 else ""


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
        return runs[0] if not person or not _NO_PERSON.search(runs[0]) else ""
    if not person or runs:
        return ""
    whole = [
        name
        for match in _RUN.finditer(quote)
        if " " in (name := match.group()) and not _NO_PERSON.search(name) and not _AT_A_PLACE.search(quote[: match.start()])
    ]
    return whole[0] if len(set(whole)) == 1 else ""
