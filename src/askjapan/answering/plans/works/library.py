"""Answers questions about the library itself (its works, their authors, years and lengths) from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.messages import framing, say, theme
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.named import groups, named_works, without_asking, words_asked
from askjapan.language.scripts import Language
from askjapan.language.terms import terms
from askjapan.records import Answer, Document
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

_AUTHOR = re.compile(r"\bwho\b|\bauthors?\b|\bby whom\b|\bwrote\b|誰|著者|筆者", re.IGNORECASE)
_YEAR = re.compile(r"\bwhen\b|\b(?:what|which) years?\b|\bpublished\b|\bdate\b|いつ|何年|発表", re.IGNORECASE)
_LENGTH = re.compile(r"\bhow long\b|\blength\b|\bhow many (?:words|pages)\b|長さ|何語ありますか|何ページ", re.IGNORECASE)
_TITLE = re.compile(r"\btitles?\b|\bcalled\b|題名|タイトル|題は", re.IGNORECASE)
_COUNT = re.compile(r"\bhow many\b|\bnumber of\b|いくつ|何点|何本", re.IGNORECASE)
_RANKED = (
    ("oldest", re.compile(r"\b(?:oldest|earliest)\b|(?:最も|一番|いちばん)古い|最古の?", re.IGNORECASE)),
    ("newest", re.compile(r"\b(?:newest|latest|most recent)\b|(?:最も|一番|いちばん)新しい|最新の?", re.IGNORECASE)),
    ("longest", re.compile(r"\blongest\b|(?:最も|一番|いちばん)長い|最長の?", re.IGNORECASE)),
    ("shortest", re.compile(r"\bshortest\b|(?:最も|一番|いちばん)短い|最短の?", re.IGNORECASE)),
)
FOREIGN_WORDS = 3
"""Number of words missing from the catalogue at which a question is not about it; one less if it asks for no author, year, length, title or
subject."""


def about(question: str, works: Sequence[Document]) -> list[Document]:
    """The works whose title and themes hold the most of a question's terms; empty where none holds any."""
    wanted = set(terms(" ".join(words_asked(question)).replace("-", " ")))
    held = {work.id: len(wanted & set(terms(f"{work.title} {' '.join(work.themes)}".replace("-", " ")))) for work in works}
    return [work for work in works if 0 < held[work.id] == max(held.values())]


def asks_for_content(question: str, works: Sequence[Document]) -> bool:
    """Whether a question names one work and asks for its argument or summary rather than for what the catalogue knows of it."""
    if len(named_works(question, works)) != 1 or any(p.search(question) for p in (_AUTHOR, _YEAR, _LENGTH, _TITLE, _COUNT)):
        return False
    return bool(groups(question) & {"summarise", "finding", "argue"})


def ranked(question: Standalone, search: Search) -> Answer | None:
    """The catalogue's lines on the oldest, newest, longest or shortest works; None for a question about anything else."""
    text = question.question
    measure = next((name for name, pattern in _RANKED if pattern.search(text)), "")
    if not measure or "text" not in groups(text) or _rest(text):
        return None
    by_year = measure in ("oldest", "newest")
    known = {work.id: size for work in search.works if (size := work.year if by_year else work.words)}
    if not known:
        return None
    best = (max if measure in ("newest", "longest") else min)(known.values())
    chosen = [work for work in search.works if known.get(work.id) == best]
    return catalogued(question, chosen, say("comma", question.language).join(work.title for work in chosen), search)


def catalogued(question: Standalone, chosen: Sequence[Document], short: str, search: Search) -> Answer:
    """The catalogue's lines on some works as an answer that says where they are from."""
    heading, language = Saying.of("catalogue"), question.language
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=1.0,
        sentences=tuple(framing(line, language) for line in (heading, *map(work_line, chosen))),
        hits=(),
        index_fingerprint=search.corpus.fingerprint,
        short=short,
        kind="library",
        explanation=(heading.said(language),),
    )


def _rest(text: str) -> str:
    """What a question says beside words of asking and of ranking: in English its other words, in Japanese kanji and katakana."""
    for _, pattern in _RANKED:
        text = pattern.sub(" ", text)
    if text.isascii():
        return " ".join(words_asked(text))
    return "".join(re.findall(r"[ァ-ヴー一-鿿]", without_asking(text)))


def answer(question: Standalone, search: Search) -> Answer | None:
    """The catalogue's lines on the works that the question names or is about, else on all.

    It is a refusal if no work is on the subject. None means that the question is about the content of works instead.
    """
    text, language = question.question, question.language
    works = search.works
    chosen = named_works(text, works) or about(text, works)
    asks = [
        name
        for name, pattern in (("author", _AUTHOR), ("year", _YEAR), ("length", _LENGTH), ("title", _TITLE))
        if pattern.search(text)
    ]
    if len(_unknown_words(text, works)) >= (FOREIGN_WORDS if asks or _names_subject(text) else FOREIGN_WORDS - 1):
        return None
    missing = not chosen and bool(asks or _names_subject(text)) and bool(words_asked(text)) and not _COUNT.search(text)
    if missing and asks and len(works) > 1 and not works_of_passages(question, search):
        return None
    if missing and asks:
        chosen, missing = works_of_passages(question, search), False
    shown = chosen or works
    heading = Saying.of("catalogue_none" if missing else "catalogue")
    count = Saying.of("catalogue_one") if len(works) == 1 else Saying.of("catalogue_count", count=len(works))
    lines = [heading, *([count] if not chosen and not missing else []), *map(work_line, shown)]
    return Answer(
        question=question.message,
        standalone_question=text,
        answered=not missing,
        reason=heading.said(language) if missing else "",
        confidence=0.0 if missing else 1.0,
        sentences=tuple(framing(line, language) for line in (lines[1:] if missing else lines)),
        hits=(),
        index_fingerprint=search.corpus.fingerprint,
        short=_short(text, asks, chosen, works, language),
        kind="library",
        explanation=(heading.said(language),),
        saying=heading if missing else None,
    )


def _unknown_words(text: str, works: Sequence[Document]) -> list[str]:
    """The words of a question in no title, theme or author's name; many of them mean that it is about the content of works."""
    known = set(
        terms(" ".join(f"{work.title} {' '.join(work.themes)} {' '.join(work.authors)}" for work in works).replace("-", " "))
    )
    return [word for word in words_asked(text) if (wanted := set(terms(word.replace("-", " ")))) and not wanted & known]


def _names_subject(text: str) -> bool:
    """Whether a question asks for works on something: "Which papers deal with volcanoes?"."""
    return bool(
        re.search(r"\b(?:on|about|regarding|deal(?:s|ing)? with|by|anything)\b|について|に関する|扱", text, re.IGNORECASE)
    )


def works_of_passages(question: Standalone, search: Search) -> list[Document]:
    """The work of at least three of the five best passages, for a question that names a work in other words; else none."""
    hits = [read.hit for read in search.evidence(question).read[:5]]
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.document.id] = counts.get(hit.document.id, 0) + 1
    best = max(counts, key=lambda id_: counts[id_], default="")
    return [search.index.documents[best]] if best and counts[best] >= 3 else []


def work_line(work: Document) -> Saying:
    """A catalogue line on a work: authors, title, year, themes, kind of text and length in words."""
    year = str(work.year) if work.year else Saying.of("catalogue_year_unknown")
    facts = (
        *([Saying.of("catalogue_themes", themes=tuple(map(theme, work.themes)))] if work.themes else []),
        Saying.of("catalogue_note" if work.kind == "study note" else "catalogue_full"),
        *([_length(work)] if work.words else []),
    )
    if not work.authors:
        return Saying.of("catalogue_line", title=work.title, year=year, facts=facts)
    return Saying.of("catalogue_line_by", authors=work.authors, title=work.title, year=year, facts=facts)


def _length(work: Document) -> Saying:
    return Saying.of("catalogue_words", count=f"{work.words:,}")


def _short(text: str, asks: Sequence[str], chosen: Sequence[Document], works: Sequence[Document], language: Language) -> str:
    comma = say("comma", language)
    if _COUNT.search(text) and "length" not in asks:
        return str(len(chosen or works))
    if len(chosen) != 1 or not asks:
        return ""
    work = chosen[0]
    if named_works(text, [work]) and asks[0] == "author" and len(asks) > 1:
        asks = asks[1:]
    values = {
        "author": comma.join(work.authors),
        "year": str(work.year or say("catalogue_year_unknown", language)),
        "length": _length(work).said(language),
        "title": work.title,
    }
    return values[asks[0]]
