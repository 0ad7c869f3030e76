"""Finds the short answer that the reader marks in a quote, in whole words; empty where it is not of the kind that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.candidates import Candidate, known_around
from askjapan.answering.question import NAME, Asked, message_of
from askjapan.language.dates import Date, dates_in
from askjapan.language.question_kinds import is_asking
from askjapan.language.terms import fold, terms
from askjapan.language.wordings import wordings
from askjapan.retrieval.alignment import content_words

_EN, _JA = wordings("short", "en"), wordings("short", "ja")
SURE = 0.0
"""Least margin (logits) of a span over no answer; where no kind of answer is asked for, it is `SURER`."""
SURER = 1.25
MOST_WORDS = 12
MOST_LETTERS = 30
"""Maximum characters of a short answer in Japanese, which has no spaces between words."""
YES, NO = "yes", "no"
HELD = 0.85
"""Least mean cosine of the question's words with the quote for a yes or no; none of them may be below `HELD_LEAST`."""
HELD_LEAST = 0.6
_EDGES = " \t\"“”‘’'「」『』()（）[],.;:。、，．・–—-"
_NUMBER = re.compile(
    rf"(?:(?:US|A|C|NZ|HK)?[$¥€£]\s?)?(?:\d[\d,]*+(?:\.\d++)?+(?:万|億|兆|千|百)?+)++(?:\s?(?:{_EN['units']})|{_JA['units']})*+",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"(?<![\w’'-])([\w’'-]++) ?\(([^()]{1,20})\)")
_COUNTER = re.compile(rf"何({_JA['units']})|({_JA['units']})数")
_PLACE = re.compile(rf"どこの({_JA['places']})|どの({_JA['places']})")
_SEVERAL = re.compile(
    r"\b(?:what|which)\s+(?!does\b|has\b)(?:are\s+)?(?:the\s+)?(?:\w+ies|\w+(?<![suia])s)\b(?!\s+(?:is|was|has|does)\b)",
    re.IGNORECASE,
)
"""Question for several things, of which one is no answer: "In which countries …?"."""
_PARTICLE = re.compile(r"(?<=[^ぁ-ん\s])(?:には|では|とは|から|まで|[にでをはがへともの])\Z")
"""Particle behind a Japanese noun, which is no part of what answers."""
_COUNT_WORDS = re.compile(
    rf"\b(?:{_EN['counts']})\b|[一二三四五六七八九十百千万]",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    rf"\b(?:{_EN['extreme']})\b|{_JA['extreme']}",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\bhow many\b|\bnumber of\b|いくつ|何人|何件|何校|何社", re.IGNORECASE)
_SHARE = re.compile(r"%|％|\bper ?cent|\bshares?\b|\brates?\b|割合|比率|率")
_NEGATION = re.compile(
    rf"\b(?:{_EN['negation']})\b|{_JA['negation']}",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    rf"\b(?:{_EN['hedge']})\b|{_JA['hedge']}",
    re.IGNORECASE,
)


def short_answer(question: Asked, candidate: Candidate) -> str:
    """The span of a candidate that answers a question; empty where the reader is unsure or the span is of another kind."""
    span, text = candidate.span, candidate.text
    if bracketed := _in_brackets(question, text):
        return bracketed
    if span is None and candidate.answers is None:
        return _only_one(question, text)
    if span is None or span.margin < (SURE if question.kinds else SURER) or _SEVERAL.search(question.text):
        return ""
    if _EXTREME.search(question.text) and not _EXTREME.search(text):
        # What is the most is computed, or said; a figure or a name beside it is neither.
        return ""
    start, end = _whole(text, span.start, span.end)
    if (
        candidate.unit.kind == "row"
        and question.kinds & {"number", "percent"}
        and not _is_in_its_column(question, candidate, start)
    ):
        return ""
    start, end = _widened(question, text, start, end)
    trimmed = _PARTICLE.sub("", _trimmed(text[start:end]))
    if candidate.by == "japanese" and (only := _only_one(question, text)) and only in trimmed:
        trimmed = only
    return trimmed if _fits(question, trimmed) and _is_of_the_year(question, text, start, end) else ""


def _is_of_the_year(question: Asked, text: str, start: int, end: int) -> bool:
    """Whether the figure is nearest to the year asked for; True where the quote does not name that year beside another date."""
    dates = [date for date in dates_in(text) if date.end <= start or date.start >= end]
    if len(question.years) != 1 or not question.kinds & {"number", "percent"} or "\t" in text or len(dates) < 2:
        return True
    if not any(str(date.year) == question.years[0] for date in dates):
        return True
    nearest = min(dates, key=lambda date: max(start - date.end, date.start - end))
    return str(nearest.year) == question.years[0]


def _is_in_its_column(question: Asked, candidate: Candidate, start: int) -> bool:
    """Whether the cell at an offset of a row may be the figure that is asked for.

    Of several figures in a row, it is the one whose header holds most of the question's words. If two headers tie, no cell is.
    """
    cells = candidate.text.split("\t")
    column = candidate.text.count("\t", 0, start)
    fresh = [n for n, cell in enumerate(cells) if re.search(r"\d", cell) and fold(cell) not in question.folded]
    if len(fresh) < 2:
        return True
    header = next((unit.text.split("\t") for unit in candidate.frame if unit.kind == "header"), [])
    if len(header) != len(cells):
        return False
    wanted = set(question.weights)
    held = {
        n: len(wanted & set(terms(header[n])))
        for n in fresh
        if _COUNTS.search(question.text) is None or not _SHARE.search(header[n])
    }
    best = max(held.values(), default=0)
    return column in held and held[column] == best and list(held.values()).count(best) == 1


def _in_brackets(question: Asked, text: str) -> str:
    """The figure in brackets behind the only name that the question asks about: in "Peru (12 percent) and Chile (9 percent)"; else empty."""
    if not question.kinds & {"number", "percent"} or "\t" in text:
        return ""
    figures = [
        match.group(2).strip()
        for match in _BRACKETED.finditer(text)
        if set(terms(match.group(1))) & set(question.names) and _NUMBER.fullmatch(match.group(2).strip())
    ]
    return figures[0] if len(figures) == 1 and _fits(question, figures[0]) else ""


def _only_one(question: Asked, text: str) -> str:
    """The only date, figure or place of the kind asked for that a quote in another script adds; else empty."""
    dates, itself = dates_in(text), message_of(question.text)
    if "date" in question.kinds:
        matches = [text[date.start : date.end] for date in dates]
    elif question.kinds & {"number", "percent"}:
        figures = [match for match in _NUMBER.finditer(text) if not any(d.start <= match.start() < d.end for d in dates)]
        if counter := _COUNTER.search(itself):
            unit = next(group for group in counter.groups() if group)
            figures = [match for match in figures if match.group().endswith(unit)]
        if len(figures) > 1 and len(question.years) == 1:
            figures = [match for match in figures if _year_before(match.start(), dates) == question.years[0]]
        matches = [match.group() for match in figures]
    elif place := _PLACE.search(itself):
        matches = re.findall(rf"[一-鿿々ァ-ヴー・]{{1,10}}{next(group for group in place.groups() if group)}", text)
    else:
        return ""
    fresh = [one for one in dict.fromkeys(matches) if _fits(question, one)]
    return fresh[0] if len(fresh) == 1 else ""


def _year_before(place: int, dates: Sequence[Date]) -> str:
    """The year of the last date before a place; empty where there is none."""
    before = [date for date in dates if date.end <= place]
    return str(before[-1].year) if before else ""


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to whole words; in a table row, to whole cells."""
    if "\t" in text:
        begin, stop = text.rfind("\t", 0, start + 1) + 1, text.find("\t", end)
        return begin, stop if stop >= 0 else len(text)
    while start > 0 and start < len(text) and _inside_word(text, start):
        start -= 1
    while 0 < end < len(text) and _inside_word(text, end):
        end += 1
    return start, end


def _inside_word(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if not (before.isascii() or before.isalpha()) or ord(before) > 0x2E80 or ord(after) > 0x2E80:
        return before.isdigit() and after.isdigit()
    return ((before.isalnum() or before in "-’'") and after.isalnum()) or (
        before.isdigit() and after in ".,%" and text[place + 1 : place + 2].isdigit()
    )


def _widened(question: Asked, text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened by the sign and unit of its figure, or by the day and month of its date."""
    if "\t" in text:
        return start, end
    if "date" in question.kinds:
        dates = [date for date in dates_in(text) if date.start < end and start < date.end]
        if len(dates) == 1 and not _asks_for_year(question):
            return min(start, dates[0].start), max(end, dates[0].end)
    if question.kinds & {"number", "percent"}:
        figures = [match for match in _NUMBER.finditer(text) if match.start() < end and start < match.end()]
        if len(figures) == 1:
            begin, stop = figures[0].span()
            rest = f"{text[start : max(start, begin)]} {text[min(end, stop) : end]}"
            # "1,576 boats" to a question for boats is 1,576.
            known = set(terms(rest)) <= set(question.weights)
            return (begin, stop) if known else (min(start, begin), max(end, stop))
    return start, end


def _asks_for_year(question: Asked) -> bool:
    return bool(re.search(r"\b(?:what|which) years?\b|何年", question.text, re.IGNORECASE))


def _trimmed(text: str) -> str:
    trimmed = text.replace("\t", " ").strip(_EDGES)
    # What opened inside must close inside.
    for opener, closer in (("(", ")"), ("（", "）"), ("“", "”"), ("「", "」")):
        if trimmed.count(opener) > trimmed.count(closer):
            trimmed += closer
        elif trimmed.count(closer) > trimmed.count(opener):
            trimmed = opener + trimmed if text.lstrip().startswith(opener) else trimmed.rsplit(closer, 1)[0]
    return trimmed.strip(_EDGES.replace(")", "").replace("）", "").replace("”", "").replace("」", "")) if trimmed else ""


def _fits(question: Asked, span: str) -> bool:
    """Whether a span is short, adds to the question's words, and is of the kind that is asked for."""
    japanese = any(ord(letter) > 0x2E80 for letter in span)
    if not span or (len(span) > MOST_LETTERS if japanese else len(span.split()) > MOST_WORDS):
        return False
    fresh = fold(span) not in question.folded and not (set(terms(span)) and set(terms(span)) <= set(question.weights))
    checks = [fresh]
    if question.kinds & {"number", "percent"}:
        checks.append(bool(re.search(r"\d", span) or _COUNT_WORDS.search(span)) and _is_measure(question, span))
    elif "date" in question.kinds:
        checks.append(
            bool(dates_in(span)) or bool(re.search(r"\d|\b(?:century|decade|spring|summer|autumn|winter)\b|世紀|年代", span))
        )
    elif question.kinds & {"person", "place"}:
        # Who somebody is, their name does not say.
        checks.append(japanese or (bool(NAME.search(span)) and not set(terms(span)) & set(question.names)))
    elif "cause" in question.kinds:
        checks.append(False)
    return all(checks)


def _is_measure(question: Asked, span: str) -> bool:
    """Whether a figure may be the one asked for: a share only where one is asked for, and no year where things are counted."""
    share = bool(re.search(r"%|％|\bper ?cent|割|パーセント", span))
    asks_share = "percent" in question.kinds or bool(re.search(r"\brates?\b|率", question.text))
    if _COUNTS.search(question.text) and share and not asks_share:
        return False
    years = [date for date in dates_in(span) if not date.month]
    return not (years and span == span[years[0].start : years[0].end])


def yes_or_no(question: Asked, candidate: Candidate) -> str:
    """`YES` or `NO` where the words of a sentence state what is asked, or its negation; empty where that is unclear."""
    if candidate.unit.kind != "sentence" or not candidate.met or _NEGATION.search(question.text) or _HEDGE.search(candidate.text):
        return ""
    met = _met(question, candidate)
    if not met or sum(met) / len(met) < HELD or min(met) < HELD_LEAST or len(met) < 2:
        return ""
    denials = len(_NEGATION.findall(candidate.text))
    return (YES, NO)[denials] if denials < 2 else ""


def _met(question: Asked, candidate: Candidate) -> list[float]:
    """How far a sentence meets each content word of a question; a name counts where it stands around the sentence, a word of asking not."""
    words = [question.text[start:end] for start, end in content_words(question.text)]
    if len(words) != len(candidate.met):
        return list(candidate.met)
    known = known_around(candidate)
    named = [bool(own := set(terms(word))) and own <= set(question.names) and own <= known for word in words]
    return [1.0 if there else met for word, there, met in zip(words, named, candidate.met, strict=True) if not is_asking(word)]
