"""Whatever Unicode a text holds: no crash, every offset lies in the text, every quote is exact, nothing is over the limit."""

from __future__ import annotations

from pathlib import Path

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import marked
from askjapan.documents.readers import read_here
from askjapan.documents.readers.markup.raised import END, FRACTION, LOWERED, RAISED, resolve
from askjapan.documents.readers.text.markdown_marks import without_marks, without_markup
from askjapan.errors import AskJapanError
from askjapan.language.quotation import clean, join, normalise, same
from askjapan.language.sentences import sentence_spans
from askjapan.readings import Reading
from tests.support.late import drawn
from tests.support.stages import count_words, passages, unresolved

LIMIT = 40


@drawn("a reading")
def test_every_block_and_quote_lies_in_the_text_and_is_exact(reading: Reading) -> None:
    for block in blocks_of(reading):
        assert list(block.segments) == sorted(block.segments)
        assert all(0 <= start < end <= len(reading.text) for start, end in block.segments)
    found = marked(passages(reading.text, limit=LIMIT, markup=reading.markup, furniture=reading.furniture), reading.unconfirmed)
    assert unresolved(reading.text, found) == []
    for passage in found:
        assert passage.pieces <= LIMIT
        assert passage.units
        for unit in passage.units:
            assert all(0 <= start < end <= len(reading.text) for start, end in unit.segments)
            assert unit.text == unit.text.strip(" \n") or unit.kind in ("row", "header")
            assert count_words(unit.text) <= LIMIT
        assert all(
            any(low <= start and end <= high for low, high in _segments(passage.units)) for start, end in passage.unconfirmed
        )


@drawn("a table")
def test_every_row_of_a_table_is_exact(text: str) -> None:
    assert unresolved(text, passages(text)) == []


def _segments(units: object) -> list[tuple[int, int]]:
    return [segment for unit in units for segment in unit.segments]  # type: ignore[attr-defined]


@drawn("a text")
def test_sentences_are_in_order_and_leave_out_white_space_only(text: str) -> None:
    spans = sentence_spans(text)
    place = 0
    for start, end in spans:
        assert place <= start < end <= len(text)
        assert not text[place:start].strip()
        place = end
    assert not text[place:].strip()


@drawn("a text", "texts")
def test_what_is_shown_is_the_same_as_what_stands_there(text: str, parts: list[str]) -> None:
    shown = clean(text)
    assert normalise(shown) == normalise(text)
    assert same(text, shown) == bool(normalise(text))
    assert (
        normalise(join(map(clean, parts))) == normalise(" ".join(map(clean, parts)))
        or "-" in "".join(parts)
        or "‐" in "".join(parts)
    )


@drawn("a text", "a place")
def test_blanked_marks_keep_every_place(text: str, start: int) -> None:
    for changed in (without_marks(text, min(start, len(text))), without_markup(text)):
        assert len(changed) == len(text)
        assert [at for at, char in enumerate(changed) if char in "\r\n"] == [at for at, char in enumerate(text) if char in "\r\n"]
    assert without_marks(text, min(start, len(text)))[:start] == text[:start]


@drawn("parts with marks")
def test_no_mark_of_raised_words_is_left_when_each_is_closed(parts: list[str]) -> None:
    depth, closed = 0, []
    for part in "".join(parts):
        depth += (part in (RAISED, LOWERED)) - (part == END)
        if depth < 0:
            depth = 0
            continue
        closed.append(part)
    text = resolve("".join(closed) + END * depth)
    assert not set(text) & {RAISED, LOWERED, END, FRACTION}


@drawn("bytes", "an ending")
def test_any_bytes_are_read_or_refused(tmp_path_factory: object, data: bytes, ending: str) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / f"any{ending}"  # type: ignore[attr-defined]
    path.write_bytes(data)
    try:
        reading = read_here(path)
    except AskJapanError as error:
        if path.name not in error.message:
            raise
        return
    assert reading.text.strip()
    assert all(0 <= start <= end <= len(reading.text) for start, end in reading.furniture)
