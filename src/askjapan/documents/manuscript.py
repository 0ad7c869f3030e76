"""A manuscript → its quotations, in English and Japanese marks of every kind and in block quotes, with the pages that it gives for them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from askjapan.errors import QuestionError
from askjapan.findings import QuotationKind, Quoted
from askjapan.language.quotation import NOTE_LABEL, clean, normalise
from askjapan.language.words import count_words
from askjapan.readings import Reading, Segment

LEAST_WORDS = 4
"""Fewest words of a quotation (in Japanese twice as many characters); a shorter text in quotation marks is taken for a term."""
NOWHERE = -2
MOST_QUOTATIONS = 5_000
"""Most quotations of a draft; each is searched for in every work."""
MOST_QUOTED = 500_000
"""Most characters that the quotations of a draft have together."""
NEAR = 160
"""Characters before and after a quotation in which its page is looked for."""
_OPENERS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "〝": "〟", "｢": "｣", "``": "''"}
_OUTER_EDGE = r"(?<![^\s(\[{（「『—–―-])"
_OPENING = re.compile(
    rf"[“„「『〝｢]|``|{_OUTER_EDGE}[«»‹›]|{_OUTER_EDGE}[\"＂](?=\S)|{_OUTER_EDGE}[‘‚](?=\S)(?![‘‚]\d0s)|{_OUTER_EDGE}'(?=[^\s'\d])"
)
_BREAK = re.compile("\n")
_REVERSED = {"»": "«", "›": "‹"}
_NOT_IN_WORD = r"(?![^\W_])"
_CLOSING = {
    '"': re.compile(rf"(?<=\S)[\"＂]{_NOT_IN_WORD}"),
    "'": re.compile(rf"(?<=\S)['’]{_NOT_IN_WORD}"),
    "‚": re.compile(rf"(?<=\S)[’‘]{_NOT_IN_WORD}"),
    "‘": re.compile(rf"(?<=\S)’{_NOT_IN_WORD}"),
    "``": re.compile("''"),
}
_CLOSING["＂"] = _CLOSING['"']
"""Patterns that end a quotation, for marks that do not nest; the other marks are in `_OPENERS`."""
_PARAGRAPH = re.compile(r"(?:^[^\S\n]*+\S[^\n]*+(?:\n|\Z))++", re.MULTILINE)
_BLOCK_LINE = re.compile(r"[ \t]{0,3}>")
_INDENTED = re.compile(r"\A(?: {4,}+|\t)\S")
_ITEM = re.compile(r"\A\s*+(?:[-*•+]|\(?\d{1,3}[.)])\s")
_NOTE = re.compile(rf"^[ \t]*\[\^({NOTE_LABEL})\]:[ \t]*(.*(?:\n(?!\s*(?:\n|\[\^)).*)*)", re.MULTILINE)
_MARKER = re.compile(rf"\[\^({NOTE_LABEL})\](?!:)")
_RANGE = r"\d{1,4}(?:\s*[-–—~～]\s*\d{1,4})?"
_PAGES = (
    re.compile(
        rf"(?<![^\W_])(?:pp?\.|pages?|S\.)\s*({_RANGE}|[ivxlc]{{1,7}}(?:\s*[-–]\s*[ivxlc]{{1,7}})?)(?![^\W_])", re.IGNORECASE
    ),
    re.compile(rf"(?<!\d)(?:1[5-9]|20)\d\d[a-z]?\s*[:：]\s*({_RANGE})(?!\d)"),
    re.compile(rf"[(（][^()（）]*(?<!\d)(?:1[5-9]|20)\d\d[a-z]?\s*[,，、]\s*({_RANGE})\s*[;)）]"),
    re.compile(rf"({_RANGE})\s*(?:頁|ページ)"),
)
_REFERENCE_AT_END = re.compile(
    r"(?:(?<!\s)\s++)?(?:[(（\[](?!\.\.\.|…)(?=[^()（）\[\]]*?\d)[^()（）\[\]]*+[)）\]]|(?<![—–―])[—–―]++\s*+[^\n]{3,120})"
    rf"\s*+[.。]?\s*+(?:\[\^(?:{NOTE_LABEL})\])*\s*+\Z"
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z“\"])|[。！？]")


def quotations(reading: Reading) -> list[Quoted]:
    """The quotations of a manuscript in their order; what is quoted inside of a quotation is part of it.

    Raises:
        QuestionError: there are more than `MOST_QUOTATIONS`, or they have more than `MOST_QUOTED` characters.
    """
    kept: list[Quoted] = []
    characters = 0
    for quoted in _quotations(reading):
        if len(kept) == MOST_QUOTATIONS:
            raise QuestionError(f"The draft has more than {MOST_QUOTATIONS} quotations.", "Check it in parts.")
        characters += len(quoted.text)
        if characters > MOST_QUOTED:
            raise QuestionError(f"The draft quotes more than {MOST_QUOTED} characters.", "Check it in parts.")
        kept.append(quoted)
    return kept


def _quotations(reading: Reading) -> Iterator[Quoted]:
    text = reading.text
    breaks = [match.start() for match in _BREAK.finditer(text)]
    notes = {match[1]: match[2] for match in _NOTE.finditer(text)}
    for start, end in _paragraphs(text):
        if block := _block(text[start:end], reading.markup == "plain"):
            yield from _block_quote(text, (start, end), bisect_left(breaks, start) + 1, block, notes)
            continue
        spans = list(_marked(text, start, end))
        for number, (first, last) in enumerate(spans):
            before = text[max(start, spans[number - 1][1] + 1 if number else start, first - NEAR) : first]
            after = text[last : min(end, spans[number + 1][0] if number + 1 < len(spans) else end, last + NEAR)]
            shown = clean(text[first:last])
            kind: QuotationKind = "quotation" if count_words(shown) >= LEAST_WORDS else "term"
            if normalise(shown):
                yield Quoted(shown, kind, bisect_left(breaks, first) + 1, _cited(before, after, notes))


def _paragraphs(text: str) -> Iterator[Segment]:
    """Stretches between empty lines; where a block quote begins or ends without one, it is a stretch of its own."""
    for match in _PARAGRAPH.finditer(text):
        start = place = match.start()
        quoted = None
        for line in match[0].splitlines(keepends=True):
            is_quoted = bool(_BLOCK_LINE.match(line))
            if quoted is not None and is_quoted != quoted:
                yield start, place
                start = place
            quoted = is_quoted
            place += len(line)
        yield start, place


def _block(paragraph: str, plain: bool) -> str:
    """A paragraph that is set off as a quotation, without its `>` or indentation; empty for any other."""
    lines = paragraph.rstrip("\n").split("\n")
    if all(map(_BLOCK_LINE.match, lines)):
        return "\n".join(re.sub(r"^[ \t]{0,3}(?:>[ \t]?)+", "", line) for line in lines)
    if plain and all(map(_INDENTED.match, lines)) and not _ITEM.match(lines[0]):
        return "\n".join(line.strip() for line in lines)
    return ""


def _block_quote(text: str, span: Segment, line: int, block: str, notes: dict[str, str]) -> Iterator[Quoted]:
    reference = _REFERENCE_AT_END.search(block)
    words = clean(block[: reference.start()] if reference else block)
    if (len(words) > 2 and words[0] in _OPENERS and words[-1] in _OPENERS[words[0]]) or (
        len(words) > 2 and words[0] == words[-1] == '"'
    ):
        words = words[1:-1].strip()
    if count_words(words) < LEAST_WORDS:
        return
    inside = block[reference.start() :] if reference else "".join(match[0] for match in _MARKER.finditer(block))
    before = text[max(0, span[0] - NEAR) : span[0]].rstrip("\n").rpartition("\n\n")[2]
    pages = _cited("", inside, notes) or _cited(before, "", notes)
    yield Quoted(words, "block", line, pages)


def _marked(text: str, start: int, end: int) -> Iterator[Segment]:
    """The outermost stretches between quotation marks, without the marks."""
    place = start
    closed: dict[str, dict[int, int]] = {}
    unclosed: set[str] = set()
    while opening := _OPENING.search(text, place, end):
        first = opening.end()
        mark = opening[0]
        if mark in _CLOSING:
            last = -1 if mark in unclosed else _closing(text, mark, first, end)
            if last == NOWHERE:
                # What does not stand behind this mark does not stand behind the next one either.
                unclosed.add(mark)
        else:
            if mark not in closed:
                closed[mark] = _nested(text, mark, first, end)
            last = closed[mark].get(first, NOWHERE)
        if last < 0:
            place = first
            continue
        yield first, last
        place = last + (2 if opening[0] == "``" else 1)


def _closing(text: str, mark: str, first: int, end: int) -> int:
    """Offset at which the quotation of a mark ends: `NOWHERE` if no closing mark follows, -1 if it is so short that the mark is none."""
    match = _CLOSING[mark].search(text, first, end)
    if match is None:
        return NOWHERE
    # A single straight mark is an apostrophe more often than not.
    if mark == "'" and count_words(text[first : match.start()]) < LEAST_WORDS:
        return -1
    return match.start()


def _nested(text: str, mark: str, first: int, end: int) -> dict[int, int]:
    """Offsets at which the quotations of one kind of mark end, by the offsets at which they begin."""
    closers = _REVERSED.get(mark) or _OPENERS[mark]
    ends: dict[int, int] = {}
    open_ = [first]
    for place in range(first, end):
        if text[place] in closers and open_:
            ends[open_.pop()] = place
        elif text[place] == mark:
            open_.append(place + 1)
    return ends


def _cited(before: str, after: str, notes: dict[str, str]) -> str:
    """The pages that are given after a quotation, in its note, or before it in its sentence; empty if there are none."""
    follows = [after]
    if marker := _MARKER.search(after):
        # What stands behind a marker is about something else.
        follows = [after[: marker.start()], notes.get(marker[1], "")]
    ends = list(_SENTENCE_END.finditer(before))
    for stretch in (*follows, before[ends[-1].end() :] if ends else before):
        matches = [match for pattern in _PAGES for match in pattern.finditer(stretch)]
        if matches:
            chosen = max if stretch not in follows else min
            return re.sub(r"\s+", "", chosen(matches, key=lambda match: match.start())[1])
    return ""


def pages_of(written: str) -> Sequence[str]:
    """The pages of a range as written: "12–14" is 12, 13 and 14, "212–4" ends with 214; of a Roman range only its ends."""
    first, _, last = re.sub(r"[–—~～]", "-", written).partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        return [page.lower() for page in (first, last) if page]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return [str(page) for page in range(int(first), min(int(last), int(first) + 500) + 1)]
