"""Finds every mention of a term in the texts of an index, with its section, its page and the text around it.

The whole texts as read are searched, not the passages; only the front matter of study notes is left out, and the markers of their
sentences. Nothing is ranked.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from askjapan.documents.study_note import MARKER, SEPARATOR
from askjapan.errors import QuestionError
from askjapan.findings import AROUND, Mention, Mentions, WorkMentions
from askjapan.index.storage.store import Index
from askjapan.language.written_forms import LINE_END, Searchable, pattern_of, searchable
from askjapan.readings import Page
from askjapan.records import Document
from askjapan.retrieval.editions import Editions, language_of

REACH = 10 * AROUND
"""Characters of the file on each side in which what is shown is looked for; markup and white space count here."""
LONGEST = 200
KEPT = 64
"""Number of folded texts kept in memory."""
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("『", "』"))


class MentionSearch:
    """Searches the texts of one index and keeps folded texts in memory."""

    def __init__(self, index: Index, editions: Editions) -> None:
        self.index = index
        self.editions = editions
        self._searchable = lru_cache(maxsize=KEPT)(self._fold)
        self._places = lru_cache(maxsize=KEPT)(lambda document_id: _Places.of(index, document_id))

    def mentions(
        self, term: str, themes: Collection[str] | None = None, documents: Collection[str] | None = None, *, exact: bool = False
    ) -> Mentions:
        """All mentions of a term, work by work.

        Args:
            term: a word or phrase. In quotation marks it is searched for letter for letter; else its other written forms
                (`language.written_forms`) count too, and `*` stands for any letters.
            themes, documents: search only works with one of these themes, and only these document ids.
            exact: whether to search letter for letter without quotation marks too.

        Raises:
            QuestionError: the term is too long or cannot be searched for, a filter names something unknown, or no work passes the filters.
        """
        wanted, quoted = _unquoted(" ".join(term.split()))
        exact = exact or quoted
        pattern = pattern_of(wanted, exact=exact) if len(wanted) <= LONGEST else None
        if pattern is None:
            raise QuestionError(
                f"{wanted[:40]!r} is no term that could be looked for.",
                f"Give a word or phrase of at most {LONGEST} characters, with at most three `*`.",
            )
        shown = self.editions.shown(language_of(wanted))
        chosen = self.editions.chosen(themes, documents)
        forms: Counter[str] = Counter()
        works = []
        for document in self.index.documents.values():
            if document.id not in shown or (document.edition_of or document.id) not in chosen:
                continue
            text = self._searchable(document.id, exact)
            places = self._places(document.id)
            mentions: list[Mention] = []
            raw = self.index.text(document.id)
            body = _body(raw) if document.kind == "study note" else 0
            for span in pattern.spans(text.folded.text):
                mention = _mention(span, text, places, raw)
                if mention.start < body:
                    continue
                mentions.append(mention)
                forms[mentions[-1].text.lower()] += 1
            works.append(_work(document, mentions))
        ordered = tuple(sorted(forms.items(), key=lambda pair: (-pair[1], pair[0])))
        return Mentions(wanted, exact, tuple(works), ordered, self.index.manifest.fingerprint)

    def _fold(self, document_id: str, exact: bool) -> Searchable:
        is_note = self.index.documents[document_id].kind == "study note"
        return searchable(self.index.text(document_id), exact=exact, without=(MARKER, SEPARATOR) if is_note else ())


def _body(note: str) -> int:
    """Offset of a study note's text after its front matter, in characters."""
    front = _FRONT_MATTER.match(note)
    return front.end() if front else 0


def _unquoted(term: str) -> tuple[str, bool]:
    """A term without quotation marks around it, and whether it had them."""
    for opening, closing in _QUOTES:
        if len(term) > 2 and term.startswith(opening) and term.endswith(closing):
            return term[1:-1].strip(), True
    return term, False


class _Places:
    """Finds the passage, section and page of a character of a document."""

    def __init__(self, document: Document, segments: list[tuple[int, int, str, str]]) -> None:
        self.document = document
        self.segments = segments
        self.starts = [start for start, *_ in segments]
        self.pages = [page.start for page in document.pages]

    @classmethod
    def of(cls, index: Index, document_id: str) -> _Places:
        passages = index.passages_of(document_id)
        segments = [
            (*segment, passage.id, passage.section) for passage in passages for unit in passage.units for segment in unit.segments
        ]
        return cls(index.documents[document_id], sorted(segments))

    def passage(self, offset: int) -> tuple[str, str]:
        """Id and section of the passage at an offset; outside of all passages, an empty id and the section of the next passage."""
        place = bisect_right(self.starts, offset) - 1
        if place >= 0 and offset < self.segments[place][1]:
            return self.segments[place][2], self.segments[place][3]
        following = self.segments[min(place + 1, len(self.segments) - 1)] if self.segments else (0, 0, "", "")
        return "", following[3]

    def around(self, offset: int, text: str) -> tuple[int, int]:
        """The stretch of the text that is read on with the character at an offset.

        That is its section between two headings, and outside of all passages, as in a heading, its line.
        """
        place = bisect_right(self.starts, offset) - 1
        if place < 0 or offset >= self.segments[place][1]:
            end = text.find("\n", offset)
            return text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)
        first = last = place
        section = self.segments[place][3]
        while first and self.segments[first - 1][3] == section and offset - self.segments[first][0] < REACH:
            first -= 1
        while last + 1 < len(self.segments) and self.segments[last + 1][3] == section and self.segments[last][1] - offset < REACH:
            last += 1
        return self.segments[first][0], self.segments[last][1]

    def page(self, offset: int) -> Page | None:
        place = bisect_right(self.pages, offset) - 1
        return self.document.pages[place] if place >= 0 and offset < self.document.pages[place].end else None


def _mention(span: tuple[int, int], text: Searchable, places: _Places, raw: str) -> Mention:
    first, last = text.stretch(*span)
    start, end = text.plain.source(first, last)
    plain = text.plain.text
    passage_id, section = places.passage(start)
    page = places.page(start)
    base = page.start if page else 0
    begin, finish = (bisect_left(text.plain.places, place) for place in places.around(start, raw))
    before, after = _tail(plain[max(begin, first - AROUND - 1) : first]), _head(plain[last : min(finish, last + AROUND + 1)])
    return Mention(
        document_id=places.document.id,
        section=section,
        page=page.number if page else None,
        page_label=page.label if page else None,
        start=start - base,
        end=end - base,
        before=_shown(before).lstrip(),
        text=_shown(plain[first:last]),
        after=_shown(after),
        passage_id=passage_id,
        more_before=bool(plain[begin : first - len(before)].strip()),
        more_after=bool(plain[last + len(after) : finish].strip()),
    )


def _shown(text: str) -> str:
    return text.replace(LINE_END, "-")


def _tail(text: str) -> str:
    """The end of a text, at most `AROUND` characters, from the beginning of a word if there is one."""
    return text if len(text) <= AROUND else text[1:].partition(" ")[2] or text[1:]


def _head(text: str) -> str:
    return text if len(text) <= AROUND else text[:-1].rpartition(" ")[0] or text[:-1]


def _work(document: Document, mentions: list[Mention]) -> WorkMentions:
    sections = Counter(mention.section for mention in mentions)
    outside = sum(not mention.passage_id for mention in mentions)
    return WorkMentions(document, tuple(mentions), tuple(sections.items()), outside)
