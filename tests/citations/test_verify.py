"""A quote at its place, and one that was tampered with."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askjapan.citations.verify import Verdict, verify
from askjapan.documents.readers import read
from askjapan.language.quotation import fingerprint
from askjapan.records import Citation, Sentence
from tests.support.citations import HARBOUR, QUOTE, answered, cited, only, quoting


@pytest.fixture
def paged(tmp_path: Path) -> Path:
    """A PDF of three pages labelled i, ii, 1."""
    from pypdf import PdfWriter
    from pypdf.constants import PageLabelStyle
    from reportlab.pdfgen.canvas import Canvas

    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    for line in ("The first bridge has two towers.", "The second bridge has five towers.", "The third bridge has no tower."):
        for step in range(4):
            canvas.drawString(72, 700 - 20 * step, line if step == 1 else f"It was measured from shore number {step} by hand.")
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(drawn.getvalue()))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 2, style=PageLabelStyle.DECIMAL)
    path = tmp_path / "bridges.pdf"
    writer.write(path)
    return path


def paged_citation(path: Path, raw: str) -> Citation:
    reading = read(path)
    start = reading.text.index(raw)
    page = next(page for page in reading.pages if page.start <= start < page.end)
    offset = start - page.start
    place: dict[str, Any] = {"page": page.number, "page_label": page.label, "start": offset, "end": offset + len(raw)}
    return cited(path, raw, raw, **place, offsets="page")


def test_a_quote_at_its_place_is_ok(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    assert (citation.start, citation.end) == (12, 44)
    assert verify([quoting(citation)], []) == [Verdict(1, "harbours", "Harbours of the North", "ok", "")]


def test_quotes_are_compared_up_to_markup_dashes_and_typographic_quotes(harbour: Path) -> None:
    raw = "It handles *“forty”* ships a day – more than Kita."
    citation = cited(harbour, raw, 'It handles "forty" ships a day - more than Kita.')
    assert only(verify([quoting(citation)], [])) == ("ok", "")


@pytest.mark.parametrize(
    ("name", "data", "raw", "start"),
    [
        (
            "ja.txt",
            "港の歴史\n\n青葉港は一八八七年に開かれた。\n今は北の玄関である。\n".encode(),
            "青葉港は一八八七年に開かれた。",
            6,
        ),
        ("ja-crlf.txt", "港の歴史\r\n\r\n青葉港は一八八七年に開かれた。\r\n".encode(), "青葉港は一八八七年に開かれた。", 8),
        ("bom.txt", b"\xef\xbb\xbf" + b"Title\r\n\r\nThe pier is long.\r\n", "The pier is long.", 9),
        ("note.md", "# 港\n\n**青葉港**は大きい。\n".encode(), "**青葉港**は大きい。", 5),
    ],
)
def test_offsets_count_characters_of_the_decoded_file(tmp_path: Path, name: str, data: bytes, raw: str, start: int) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    citation = cited(path, raw, raw.replace("*", ""))
    assert citation.start == start
    assert only(verify([quoting(citation)], [])) == ("ok", "")


def test_a_quote_over_a_crlf_line_end_is_ok(tmp_path: Path) -> None:
    path = tmp_path / "wrapped.txt"
    path.write_bytes(b"Aoba\r\n\r\nThe pier of Aoba\r\nis long.\r\n")
    citation = cited(path, "The pier of Aoba\r\nis long.", "The pier of Aoba is long.")
    assert (citation.start, citation.end) == (8, 34)
    assert only(verify([quoting(citation)], [])) == ("ok", "")


def test_a_tampered_quote_is_wrong_and_what_stands_there_is_shown(harbour: Path) -> None:
    said = "The port of Aoba opened in 1987."
    citation = cited(harbour, QUOTE, said)
    status, detail = only(verify([quoting(citation)], []))
    assert status == "wrong"
    assert detail == f"At offsets 12 to 44 stands “{QUOTE}”. The quote is nowhere in the file."


def test_a_tampered_quote_with_its_old_hash_is_wrong_twice(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, quote="The port of Aoba opened in 1987.", quote_sha256=fingerprint(QUOTE))
    status, detail = only(verify([quoting(citation)], []))
    assert status == "wrong"
    assert detail == (
        f"quote_sha256 is not that of the quote: “{fingerprint(QUOTE)}” instead of "
        f"“{fingerprint('The port of Aoba opened in 1987.')}”. "
        f"At offsets 12 to 44 stands “{QUOTE}”. The quote is nowhere in the file."
    )


def test_a_tampered_quote_hash_is_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, quote_sha256="0" * 64)
    assert only(verify([quoting(citation)], [])) == (
        "wrong",
        f"quote_sha256 is not that of the quote: “{'0' * 64}” instead of “{fingerprint(QUOTE)}”.",
    )


@pytest.mark.parametrize(
    ("start", "end", "detail"),
    [
        (13, 44, f"At offsets 13 to 44 stands “{QUOTE[1:]}”."),
        (12, 43, f"At offsets 12 to 43 stands “{QUOTE[:-1]}”."),
        (-32, 44, "There are no offsets -32 to 44: the text has 96 characters."),
        (12, 4_000, "There are no offsets 12 to 4000: the text has 96 characters."),
        (44, 12, "There are no offsets 44 to 12: the text has 96 characters."),
        (12, 12, "There are no offsets 12 to 12: the text has 96 characters."),
    ],
)
def test_tampered_offsets_are_wrong(harbour: Path, start: int, end: int, detail: str) -> None:
    citation = cited(harbour, QUOTE, start=start, end=end)
    elsewhere = " The quote stands elsewhere in the file: the place is wrong."
    assert only(verify([quoting(citation)], [])) == ("wrong", detail + elsewhere)


def test_negative_offsets_do_not_count_from_the_end(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, start=12 - 96, end=44 - 96)
    assert HARBOUR[citation.start : citation.end] == QUOTE
    assert only(verify([quoting(citation)], []))[0] == "wrong"


def test_what_stands_there_is_shortened(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("An opening.\n\n" + "harbour " * 40 + "end.\n")
    citation = cited(path, "harbour " * 40 + "end.", "Nothing of the kind.")
    assert only(verify([quoting(citation)], [])) == (
        "wrong",
        f"At offsets 13 to 337 stands “{'harbour ' * 15}…”. The quote is nowhere in the file.",
    )


def test_an_empty_quote_is_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, quote=" * ", quote_sha256=fingerprint(""))
    data = answered(Sentence("Own words.", "framing", (citation,))).to_dict()
    status, detail = only(verify([data], []))
    assert status == "wrong"
    assert detail.startswith("The quote is empty. At offsets 12 to 44 stands")


def test_a_page_in_a_file_without_pages_is_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, page=3)
    assert only(verify([quoting(citation)], [])) == (
        "wrong",
        "The file has no page 3: it has no pages. The quote stands elsewhere in the file: the place is wrong.",
    )


def test_a_quote_on_a_page_is_ok(paged: Path) -> None:
    citation = paged_citation(paged, "The second bridge has five towers.")
    assert (citation.page, citation.page_label, citation.offsets) == (2, "ii", "page")
    assert only(verify([quoting(citation)], [])) == ("ok", "")


@pytest.mark.parametrize("page", [0, -1, 4, 10**12])
def test_a_page_out_of_range_is_wrong(paged: Path, page: int) -> None:
    citation = replace(paged_citation(paged, "The second bridge has five towers."), page=page)
    assert only(verify([quoting(citation)], [])) == (
        "wrong",
        f"The file has no page {page}: it has 3. The quote stands elsewhere in the file, on page 2: the place is wrong.",
    )


def test_another_page_is_wrong_and_the_right_one_is_named(paged: Path) -> None:
    citation = replace(paged_citation(paged, "The second bridge has five towers."), page=3, page_label="1")
    status, detail = only(verify([quoting(citation)], []))
    assert status == "wrong"
    assert detail.startswith(f"At offsets {citation.start} to {citation.end} of page 3 stands “The third bridge has no tower.")
    assert detail.endswith("The quote stands elsewhere in the file, on page 2: the place is wrong.")


def test_another_page_label_is_wrong(paged: Path) -> None:
    citation = replace(paged_citation(paged, "The second bridge has five towers."), page_label="12")
    status, detail = only(verify([quoting(citation)], []))
    assert status == "wrong"
    assert detail.startswith("page_label is wrong: page 2 is labelled 'ii', not '12'.")


def test_a_missing_page_is_wrong(paged: Path) -> None:
    citation = replace(paged_citation(paged, "The second bridge has five towers."), page=None, page_label=None)
    status, detail = only(verify([quoting(citation)], []))
    assert status == "wrong"
    assert detail.startswith("The page is missing.")


def test_document_offsets_must_lie_on_the_page_that_is_named(paged: Path) -> None:
    reading = read(paged)
    citation = paged_citation(paged, "The second bridge has five towers.")
    second = reading.pages[1]
    whole = replace(citation, offsets="document", start=citation.start + second.start, end=citation.end + second.start)
    assert only(verify([quoting(whole)], [])) == ("ok", "")
    status, detail = only(verify([quoting(replace(whole, page=1, page_label="i"))], []))
    first = reading.pages[0]
    assert status == "wrong"
    assert detail.startswith(f"Offset {whole.start} is not on page 1, which holds {first.start} to {first.end}.")
