"""Citations re-checked against real files: what stands is ok, and every kind of tampering is named."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import askjapan.citations.cited_files as cited_files
from askjapan.citations.answer_files import answer_of, load_answers
from askjapan.citations.verify import Verdict, verify
from askjapan.documents.readers import read
from askjapan.errors import AnswerFileError
from askjapan.language.quotation import fingerprint
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, Unit

HARBOUR = "# Harbours\n\nThe port of Aoba opened in 1887. It handles *“forty”* ships a day – more than Kita.\n"
QUOTE = "The port of Aoba opened in 1887."


def cited(path: Path, raw: str, quote: str | None = None, /, **changes: Any) -> Citation:
    """A citation of the one place in a file without pages where `raw` stands."""
    text = read(path).text
    assert text.count(raw) == 1
    quote = raw if quote is None else quote
    made = Citation(
        marker=1,
        document_id="harbours",
        document_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        document_kind="full text",
        title="Harbours of the North",
        authors=("Mika Aoki",),
        year=2011,
        path=str(path),
        page=None,
        page_label=None,
        section="Harbours",
        start=text.index(raw),
        end=text.index(raw) + len(raw),
        offsets="document",
        quote=quote,
        quote_sha256=fingerprint(quote),
        passage_id="harbours#0",
    )
    return replace(made, **changes)


def answered(*sentences: Sentence, hits: tuple[Hit, ...] = ()) -> Answer:
    return Answer(
        question="When did the port open?",
        standalone_question="When did the port open?",
        answered=True,
        reason="",
        confidence=0.9,
        sentences=sentences,
        hits=hits,
        index_fingerprint="f" * 16,
    )


def quoting(*citations: Citation) -> dict[str, Any]:
    return answered(Sentence(" ".join(citation.quote for citation in citations), "quote", citations)).to_dict()


def only(verdicts: list[Verdict]) -> tuple[str, str]:
    assert len(verdicts) == 1
    return verdicts[0].status, verdicts[0].detail


def document(path: Path, **changes: Any) -> Document:
    reading = read(path)
    made = Document(
        id="harbours",
        title="Harbours of the North",
        authors=("Mika Aoki",),
        year=2011,
        venue="",
        themes=(),
        kind="full text",
        language="en",
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format=path.suffix[1:],
        described_by="test",
        pages=reading.pages,
    )
    return replace(made, **changes)


def hit(document: Document, unit: Unit) -> Hit:
    passage = Passage("p", document.id, unit.text, "Harbours", None, None, unit.start, unit.end, "prose", (unit,))
    return Hit(passage, document, 1.0, 1, {"bm25": 2.5})


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "corpus" / "harbour.md"
    path.parent.mkdir()
    path.write_bytes(HARBOUR.encode())
    return path


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


def test_a_file_that_moved_is_found_by_its_hash(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    moved = tmp_path / "elsewhere" / "deep" / "renamed.md"
    moved.parent.mkdir(parents=True)
    harbour.rename(moved)
    assert only(verify([quoting(citation)], [tmp_path / "elsewhere"])) == ("ok", f"Not at {harbour}; found as {moved}.")
    assert only(verify([quoting(citation)], []))[0] == "missing"


def test_a_file_that_moved_is_found_behind_another_of_its_name(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.rename(tmp_path / "renamed.md")
    harbour.write_text("# Harbours\n\nAnother text.\n")
    assert only(verify([quoting(citation)], [tmp_path])) == ("ok", f"Not at {harbour}; found as {tmp_path / 'renamed.md'}.")


def test_a_recorded_path_may_be_relative_to_a_folder(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE, path="corpus/harbour.md")
    assert only(verify([quoting(citation)], [tmp_path])) == ("ok", "")


def test_a_changed_file_is_changed_and_not_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.write_text(HARBOUR + "A line more.\n")
    now = hashlib.sha256(harbour.read_bytes()).hexdigest()
    assert only(verify([quoting(citation)], [])) == (
        "changed",
        f"{harbour} is not the file that was quoted: its SHA-256 begins {now[:12]}, recorded is {citation.document_sha256[:12]}.",
    )


def test_a_changed_file_of_the_same_name_elsewhere_is_changed(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE, path="C:\\texts\\harbour.md")
    harbour.write_text("Other contents.")
    status, detail = only(verify([quoting(citation)], [tmp_path]))
    assert status == "changed"
    assert detail.startswith(f"{harbour} is not the file that was quoted")


def test_a_deleted_file_is_missing(harbour: Path, tmp_path: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.unlink()
    (harbour.parent / "other.md").write_text("Another work.")
    assert only(verify([quoting(citation)], [harbour.parent, tmp_path / "no-such-folder"])) == (
        "missing",
        f"No file with the SHA-256 {citation.document_sha256[:12]}… at {harbour}, nor under {harbour.parent}, "
        f"{tmp_path / 'no-such-folder'}. There is no {tmp_path / 'no-such-folder'}.",
    )


@pytest.mark.parametrize("path", ["", "/", "x" * 5_000, "nul\x00.md", "../../../../../../../etc/passwd"])
def test_a_strange_path_is_missing_and_raises_nothing(harbour: Path, path: str) -> None:
    citation = cited(harbour, QUOTE, path=path)
    harbour.unlink()
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "missing"


def test_only_formats_with_a_reader_are_looked_at(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    harbour.rename(harbour.with_suffix(".bak"))
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "missing"


def test_a_file_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"Text.")
    citation = cited(path, "Text.", document_sha256=hashlib.sha256(b"").hexdigest())
    path.write_bytes(b"")
    status, detail = only(verify([quoting(citation)], []))
    assert status == "unreadable"
    assert detail.startswith("empty.txt ")


def test_a_file_that_cannot_be_opened_is_unreadable(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE)

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(hashlib, "file_digest", refuse)
    assert only(verify([quoting(citation)], [])) == ("unreadable", f"{harbour} cannot be opened.")


def watched(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[Any]:
    """The first arguments that a function of a module is called with from now on."""
    real: Callable[..., Any] = getattr(module, name)
    seen: list[Any] = []

    def watch(first: Any, *rest: Any) -> Any:
        seen.append(first)
        return real(first, *rest)

    monkeypatch.setattr(module, name, watch)
    return seen


def test_each_file_is_hashed_and_read_once(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE)
    hashed, opened = watched(monkeypatch, hashlib, "file_digest"), watched(monkeypatch, cited_files, "read_whole")
    verdicts = verify([quoting(citation), quoting(replace(citation, marker=2))], [harbour.parent, harbour.parent.parent])
    assert [(verdict.marker, verdict.status) for verdict in verdicts] == [(1, "ok"), (2, "ok")]
    assert [file.name for file in hashed] == [str(harbour)]
    assert opened == [harbour]


def test_the_likeliest_file_is_hashed_first(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    citation = cited(harbour, QUOTE, path="gone/harbour.md")
    for name in ("a.md", "b.txt"):
        (harbour.parent / name).write_text("Another work.")
    hashed = watched(monkeypatch, hashlib, "file_digest")
    assert only(verify([quoting(citation)], [harbour.parent]))[0] == "ok"
    assert [file.name for file in hashed] == [str(harbour)]


def test_a_word_that_no_citation_quotes_makes_the_sentence_wrong(harbour: Path) -> None:
    citation = cited(harbour, QUOTE)
    said = "Surely the port of Aoba opened in 1887."
    verdicts = verify([answered(Sentence(said, "quote", (citation,))).to_dict()], [])
    assert [verdict.status for verdict in verdicts] == ["ok", "wrong"]
    assert verdicts[1] == Verdict(
        1,
        "harbours",
        "Harbours of the North",
        "wrong",
        f"The sentence is not what its citations quote: it reads “{said}”, they read “{QUOTE}”.",
    )


def test_a_quoted_sentence_of_several_citations_is_their_quotes_in_order(harbour: Path) -> None:
    first, second = cited(harbour, "The port of Aoba"), cited(harbour, "opened in 1887.")
    assert [v.status for v in verify([quoting(first, second)], [])] == ["ok", "ok"]
    swapped = answered(Sentence(QUOTE, "quote", (second, first))).to_dict()
    assert [v.status for v in verify([swapped], [])] == ["ok", "ok", "wrong"]


def test_a_quoted_sentence_without_citation_is_wrong() -> None:
    data = answered(Sentence("The port opened in 1900.", "quote")).to_dict()
    assert verify([data], []) == [Verdict(0, "", "", "wrong", "A quoted sentence has no citation: “The port opened in 1900.”.")]


def test_framing_needs_no_citation_but_what_it_cites_is_checked(harbour: Path) -> None:
    citation = cited(harbour, QUOTE, start=0)
    data = answered(Sentence("Own words.", "framing"), Sentence("A model's words.", "generated", (citation,))).to_dict()
    assert only(verify([data], []))[0] == "wrong"


def test_a_table_row_with_its_header_is_ok(tmp_path: Path) -> None:
    path = tmp_path / "table.md"
    path.write_text("# Ships\n\n| Port | 2009 | 2010 |\n| --- | --- | --- |\n| **Aoba** | 12 | 14 |\n")
    citations = (
        cited(path, "| Port | 2009 | 2010 |", "Port\t2009\t2010", unit="header"),
        cited(path, "| **Aoba** | 12 | 14 |", "Aoba\t12\t14", unit="row"),
    )
    sentence = Sentence("Port\t2009\t2010\nAoba\t12\t14", "quote", citations)
    assert [v.status for v in verify([answered(sentence).to_dict()], [])] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"title": "Harbours of the South"}, "title is not that of the document in the answer's hits"),
        ({"authors": ("Somebody Else",)}, "authors is not that of the document in the answer's hits"),
        ({"year": 1999}, "year is not that of the document in the answer's hits: “1999” instead of “2011”."),
        ({"document_kind": "study note"}, "document_kind is not that of the document in the answer's hits"),
        ({"document_sha256": "0" * 64}, "document_sha256 is not that of the document in the answer's hits"),
    ],
)
def test_facts_that_differ_from_the_hits_are_wrong(harbour: Path, changes: dict[str, Any], detail: str) -> None:
    citation = cited(harbour, QUOTE)
    found = hit(document(harbour), Unit(QUOTE, ((12, 44),)))
    good, bad = (answered(Sentence(QUOTE, "quote", (c,)), hits=(found,)) for c in (citation, replace(citation, **changes)))
    assert only(verify([good.to_dict()], [])) == ("ok", "")
    status, said = only(verify([bad.to_dict()], []))
    assert status == "wrong"
    assert said.startswith(detail)


def test_a_document_hash_that_is_none_is_wrong_and_not_changed(harbour: Path) -> None:
    status, detail = only(verify([quoting(cited(harbour, QUOTE, document_sha256="abc"))], []))
    assert status == "wrong"
    assert detail.startswith("document_sha256 is no SHA-256: “abc”.")


def written(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data))
    return path


def test_an_answer_file_is_read_and_gives_back_the_same_answer(harbour: Path, tmp_path: Path) -> None:
    unit = Unit(QUOTE, ((12, 44),))
    answer = answered(Sentence(QUOTE, "quote", (cited(harbour, QUOTE),)), hits=(hit(document(harbour), unit),))
    path = written(tmp_path / "answer.json", answer.to_dict())
    loaded = load_answers(path)
    assert len(loaded) == 1
    assert answer_of(loaded[0]) == answer
    assert only(verify(loaded, [])) == ("ok", "")


def test_a_conversation_file_gives_its_answers_in_order(tmp_path: Path) -> None:
    answers = [replace(answered(), question=question).to_dict() for question in ("One?", "Two?")]
    path = written(tmp_path / "talk.json", {"format": "askjapan conversation 1", "answers": answers})
    assert [answer["question"] for answer in load_answers(path)] == ["One?", "Two?"]


def test_an_answer_file_may_be_utf16_as_windows_shells_write_it(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(json.dumps(replace(answered(), question="港は？").to_dict(), ensure_ascii=False).encode("utf-16"))
    assert load_answers(path)[0]["question"] == "港は？"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not JSON: Expecting value"),
        (b'{"format": ', "is not JSON: Expecting value"),
        (b"\xff\x00\xfe", "is not JSON:"),
        (b"[" * 100_000, "is not JSON:"),
        (b"[]", "is not an answer: its format is None, not 'askjapan answer 1' or 'askjapan conversation 1'."),
        (b'{"format": "askjapan answer 2"}', "is not an answer: its format is 'askjapan answer 2', not"),
        (b'{"format": ["x"]}', "is not an answer: its format is ['x'], not"),
        (b'{"format": "askjapan conversation 1"}', "is a conversation whose `answers` is not a list of answers."),
        (b'{"format": "askjapan conversation 1", "answers": [1]}', "is a conversation whose `answers` is not a list of answers."),
        (b'{"format": "askjapan conversation 1", "answers": [{}, {}]}', ": answers[0] is not an answer: its format is None"),
        (b'{"format": "askjapan answer 1"}', ".question cannot be used: "),
    ],
)
def test_what_is_no_answer_file_is_refused_in_words(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(data)
    with pytest.raises(AnswerFileError) as caught:
        load_answers(path)
    assert caught.value.message.startswith(f"{path}")
    assert message in caught.value.message
    assert caught.value.remedy == "Make one with `askjapan ask QUESTION --json > answer.json`."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswerFileError, match=r"none\.json cannot be opened: No such file or directory\."):
        load_answers(tmp_path / "none.json")


OPTIONAL = {"unit", "locator", "parallel", "recognised", "unconfirmed"}


@pytest.mark.parametrize("name", [name for name in Citation.__dataclass_fields__ if name not in OPTIONAL])
def test_each_field_of_a_citation_is_needed_and_typed(harbour: Path, tmp_path: Path, name: str) -> None:
    data = json.loads(json.dumps(quoting(cited(harbour, QUOTE))))
    record = data["sentences"][0]["citations"][0]
    record[name] = {"a": 1}
    with pytest.raises(AnswerFileError) as caught:
        load_answers(written(tmp_path / "answer.json", data))
    assert f"answer.json.sentences[0].citations[0].{name} cannot be used: " in caught.value.message
    del record[name]
    with pytest.raises(AnswerFileError) as caught:
        verify([data], [])
    assert f"answers[0].sentences[0].citations[0].{name} cannot be used: " in caught.value.message


@pytest.mark.parametrize(
    ("name", "value"), [("start", True), ("start", "12"), ("start", 12.0), ("year", "2011"), ("offsets", "line"), ("quote", 5)]
)
def test_a_value_is_not_bent_into_its_type(harbour: Path, name: str, value: object) -> None:
    data = json.loads(json.dumps(quoting(cited(harbour, QUOTE))))
    data["sentences"][0]["citations"][0][name] = value
    with pytest.raises(AnswerFileError, match=rf"citations\[0\]\.{name} cannot be used"):
        verify([data], [])


def test_half_a_character_is_refused(harbour: Path) -> None:
    data = quoting(cited(harbour, QUOTE, quote=QUOTE))
    data["question"] = "\ud83d"
    with pytest.raises(AnswerFileError, match=r"answers\[0\] cannot be used"):
        verify([data], [])
