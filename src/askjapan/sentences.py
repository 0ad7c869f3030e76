"""Where sentences begin and end, in English, Japanese and other scripts, with the faults of real documents in mind.

Splits after glued ends ("… of 1997.In a speech …"), keeps footnote markers and closing quotes with their sentence, and does not
split after initials ("T. Hirose"), abbreviations ("et al.") or inside numbers ("3.5").
"""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gov sen rep gen col lt st jr sr vs etc cf eg ie al ed eds trans rev no nos vol vols pp p ch chap sec fig figs
    tab approx ca c est inc ltd co corp dept univ u.s u.k u.n e.g i.e a.m p.m ph.d op cit ibid resp""".split()
)
_CLOSERS = r"""["'”’»)\]）」』】]*"""
LOCATOR = r"\[(?:§|¶|pp?\.|notes?\b|paragraphs?\b|tables?\b|figures?\b|opening\b|front matter\b|title page\b|abstract\b|keywords\b|references?\b)[^\[\]\n]{0,120}\]"
"""A study note's word on which part of the work a paragraph reports: it stays with the sentence before it."""
_MARKERS = rf"(?:\s?<sup>[^<]{{1,12}}</sup>|\s?\[\d{{1,3}}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]+|\s(?i:{LOCATOR}))*"
_END = re.compile(rf"(?P<stop>[.!?…]+){_CLOSERS}[*_]*{_MARKERS}{_CLOSERS}|(?P<wide>[。！？]+){_CLOSERS}{_MARKERS}")
_WORD_BEFORE = re.compile(r"([\w.&]+)$")
_SENTENCE_START = re.compile(r"""\s*[*_"'“‘«(\[「『]*(?:\d|[^\W\d_])""")


def _is_abbreviation(text: str, stop: int) -> bool:
    before = _WORD_BEFORE.search(text, max(0, stop - 20), stop)
    word = before.group(1) if before else ""
    if len(word) == 1 and word.isupper() or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return True
    return word.lower() in _ABBREVIATIONS


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group("wide"):
        return True
    rest = text[match.end() :]
    if not rest.strip():
        return True
    stop, following = match.start("stop"), _SENTENCE_START.match(rest)
    if following is None:
        return rest[0].isspace()
    first = following.group()[-1]
    plain_stop = match.group("stop") == "."
    if plain_stop and _is_abbreviation(text, stop) and not _starts_with_common_word(rest):
        return False
    if rest[0].isspace():
        return first.isupper() or first.isdigit() or not first.isascii() or not plain_stop
    # Glued: only a word that starts with a capital after a lower-case word, a digit group or a marker begins a new sentence.
    glued_word = re.match(r"[*_\"“‘(]*[A-Z][a-z’' ]", rest)
    return bool(glued_word) and (
        text[stop - 1 : stop].islower() or match.end() > match.end("stop") or text[stop - 1 : stop].isdigit()
    )


def _starts_with_common_word(rest: str) -> bool:
    """After "U.S." or "et al." only a typical first word shows that a new sentence begins."""
    return bool(re.match(r"\s+(?:The|This|These|In|It|However|But|As|For|A|An|They|Since|When|While|Although|At|By)\s", rest))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the sentences of a paragraph, without surrounding white space, in order."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() > start and _ends_sentence(text, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
