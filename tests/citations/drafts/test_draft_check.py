"""Quotations of a draft against texts: exact, altered word by word, on another page, not found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import pytest

from askjapan.citations.drafts import compared_texts, draft_check
from askjapan.citations.drafts.compared_texts import Source, SourceText, sources_of
from askjapan.citations.drafts.draft_check import LONGEST, check_quotations
from askjapan.citations.export.draft import draft_csv, draft_markdown, summary
from askjapan.findings import CheckedQuotation, Difference, Quoted
from askjapan.language.quotation import normalise
from askjapan.readings import Page, Segment
from askjapan.records import Document

TEXT = (
    "In 1961 the town of Hoshino signed a letter of *friendship* with the Danish port of Vesterby.[^1] Forty lanterns were sent by "
    "ship that winter. The co-operative of Aoba hired 27 pickers, and the inter-\nnational harbour grew.\n"
)
FIRST = "The mayor of Vesterby answered with a carved bench that still stands beside the"
HEAD = "\n14 THE LANTERN TOWNS\n"
SECOND = "ferry pier. School visits went on, paid for by parents and by the fishing cooperative."


def document(id_: str, kind: str = "full text", pages: Sequence[Page] = ()) -> Document:
    return Document(
        id=id_, title=id_.title(), authors=("Sachi Morikawa",), year=2006, venue="", themes=(), kind=kind,  # type: ignore[arg-type]
        language="en", path=str(PurePath(id_)), sha256="0" * 64, format="txt", described_by="you", pages=tuple(pages),
    )  # fmt: skip


def source(told: Document, text: str, segments: Sequence[tuple[Segment, str, str]] = ()) -> Source:
    """A text as a source; all of it is quotable where no segments are given."""
    made = SourceText(told, text, segments or [((0, len(text)), "", "")])
    return Source(told, lambda: made)


def plain(kind: str = "full text") -> Source:
    return source(document("towns" if kind == "full text" else "towns-note", kind), TEXT, [((0, len(TEXT)), "1. Letters", "p1")])


def paged() -> Source:
    """A sentence over the end of a page, with a running head in between."""
    text = FIRST + HEAD + SECOND
    cut = len(FIRST)
    pages = (Page(1, "13", 0, cut), Page(2, "14", cut, len(text)))
    return source(document("piers", pages=pages), text, [((0, cut), "", "p1"), ((cut + len(HEAD), len(text)), "", "p2")])


def checked(text: str, *sources: Source, pages: str = "", kind: str = "quotation") -> CheckedQuotation:
    quoted = Quoted(text, kind, 1, pages)  # type: ignore[arg-type]
    return check_quotations("draft.md", [quoted], sources or (plain(), paged()), "f" * 64).quotations[0]


@pytest.mark.parametrize(
    "text",
    [
        "the town of Hoshino signed a letter of friendship with the Danish port of Vesterby",
        "The town of Hoshino signed a letter",  # the case of the first letter
        "Forty lanterns were sent by ship that winter,",  # a sign at the end
        "signed a letter […] with the Danish port of Vesterby. Forty lanterns were sent",
        "signed a letter . . . with the Danish port",
        "signed a letter … Forty lanterns were sent",
        "[f]orty lanterns were sent by ship that winter",
        "the town [in the north] signed a letter",
        "the town of Hoshino [sic] signed a letter",
        "the cooperative of Aoba hired 27 pickers",
        "the international harbour grew",
    ],
)
def test_exact(text: str) -> None:
    if "[in the north]" in text:
        text = "the town [in the north] of Hoshino signed a letter"
    found = checked(text)
    assert (found.status, found.differences, found.detail) == ("exact", (), None)
    (place,) = found.places
    assert place.document_id == "towns"
    assert (place.section, place.passage_id) == ("1. Letters", "p1")
    assert TEXT[place.start : place.end].split()[-1].strip(",.") in text


def test_the_place_of_an_omission_is_the_whole_stretch() -> None:
    (place,) = checked("signed a letter … Forty lanterns").places
    assert place.text == "signed a letter of friendship with the Danish port of Vesterby. Forty lanterns"


@pytest.mark.parametrize(
    ("text", "differences"),
    [
        ("the town of Hoshino signed a treaty of friendship with the Danish port", [("treaty", "letter")]),
        ("the town of Hoshino signed a letter of great friendship with the port", [("great", ""), ("", "Danish")]),
        ("In 1962 the town of Hoshino signed a letter", [("1962", "1961")]),
        ("Forty lanterns, were sent by ship that summer", [(",", ""), ("summer", "winter")]),
        ("In 1,961 the town of Hoshino signed a letter", [("1,961", "1961")]),
        ("Fifty lanterns were sent by ship that winter", [("Fifty", "Forty")]),
        ("signed a letter … with the Swedish port of Vesterby", [("Swedish", "Danish")]),
    ],
)
def test_altered(text: str, differences: list[tuple[str, str]]) -> None:
    found = checked(text)
    assert found.status == "altered"
    assert found.differences == tuple(Difference(*one) for one in differences)
    assert found.places[0].document_id == "towns"
    assert 0.6 <= found.similarity < 1


def test_altered_in_japanese() -> None:
    text = "灯籠がデンマークへ渡り、木彫りの長椅子が返礼として届いた。"
    note = source(document("note"), text)
    assert checked("木彫りの長椅子が返礼として届いた", note).status == "exact"
    found = checked("木彫りの机が返礼として届いた", note)
    assert (found.status, found.differences) == ("altered", (Difference("机", "長椅子"),))
    assert checked("灯籠が（中略）返礼として届いた", note).status == "exact"


def test_not_found() -> None:
    assert checked("the moon is made of a green cheese from Denmark").status == "not found"
    # The words alone are not the quotation: they must stand together.
    assert checked("winter pickers hired a friendship of ship harbour").status == "not found"
    assert checked("", plain()).status == "not found"


def test_over_the_end_of_a_page() -> None:
    found = checked("still stands beside the ferry pier", pages="13")
    assert (found.status, found.places[0].page_label) == ("exact", "13")
    assert checked("still stands beside the ferry pier", pages="14").status == "exact"


def test_other_page() -> None:
    found = checked("School visits went on, paid for by parents", pages="13")
    assert (found.status, str(found.detail)) == ("other page", "It stands on p. 14, not on p. 13.")
    assert checked("School visits went on, paid for by parents", pages="13–15").status == "exact"
    found = checked("School visits went on, paid for by teachers", pages="12")
    assert (found.status, str(found.detail)) == ("altered", "It stands on p. 14, not on p. 12.")


def test_what_cannot_be_checked_is_said() -> None:
    assert (
        str(checked("Forty lanterns were sent", pages="3").detail) == "The file has no pages, so that p. 3 could not be checked."
    )
    note = plain("study note")
    assert str(checked("Forty lanterns were sent", note).detail) == "It stands in a study note, which is not the work itself."
    assert [place.document_id for place in checked("Forty lanterns were sent", note, plain()).places] == ["towns", "towns-note"]


def test_a_term_is_found_or_nothing_is_said_of_it() -> None:
    found, missing = checked("friendship", kind="term"), checked("magnetism", kind="term")
    assert (found.status, found.is_sound) == ("exact", True)
    assert (missing.status, missing.is_sound) == ("not found", True)


def test_a_very_long_quotation_is_looked_for_word_for_word_only() -> None:
    whole = " ".join(f"word{number}" for number in range(2 * LONGEST))
    long = source(document("long"), whole)
    assert checked(whole, long).status == "exact"
    short = checked(whole.partition(" word200 ")[0].replace("word7 ", "ward7 "), long)
    assert (short.status, short.differences) == ("altered", (Difference("ward7", "word7"),))
    misspelt = checked(whole.replace("word7 ", "ward7 "), long)
    assert (misspelt.status, str(misspelt.detail)) == (
        "not found",
        f"It has more than {LONGEST} words and does not stand in any work word for word; quote it in parts.",
    )


def test_a_quotation_of_hundreds_of_omissions_is_looked_for_as_it_stands() -> None:
    text = "e " * 1_000
    long = source(document("long"), text)
    assert checked("e … " * 39 + "e", long).status == "exact"
    assert checked("e … " * 1_200 + "zzz", long).status == "not found"


def test_a_quotation_of_many_omissions_is_not_aligned() -> None:
    """Each omission widens what is aligned by 200 words: with 290 of them, one work took more than a minute."""
    text = "A rare pair of words. " + "the of and to a " * 12_000
    long = source(document("long"), text)
    assert checked("A rare pair of wards … the … of", long).status == "altered"
    found = checked("A rare pair of wards " + "the … of … " * 145, long)
    assert (found.status, str(found.detail)) == (
        "not found",
        "It has more than 40 pieces between omissions and does not stand in any work word for word; quote it in parts.",
    )


def test_counts_and_exports() -> None:
    draft = [
        Quoted("Forty lanterns were sent", "quotation", 3),
        Quoted("In 1962 the town of Hoshino signed", "block", 5, "4"),
        Quoted("=HYPERLINK(1) is nowhere to be found", "quotation", 7),
        Quoted("magnetism", "term", 9),
    ]
    check = check_quotations("draft | one.md", draft, [plain()], "f" * 64)
    assert not check.is_sound
    assert check.counts == {"exact": 1, "other page": 0, "altered": 1, "not found": 1, "not checked": 0}
    assert summary(check) == (
        "3 quotations: 1 exact, 1 altered, 1 not found. 1 short expression in quotation marks stands in no work."
    )
    assert draft_csv(check).split("\r\n")[2] == '5,altered,In 1962 the town of Hoshino signed,4,"Towns, § 1. Letters",1962 → 1961'
    assert draft_csv(check).split("\r\n")[3] == "7,not found,'=HYPERLINK(1) is nowhere to be found,,,"
    assert "| 5 | altered | In 1962 the town of Hoshino signed | 4 | Towns, § 1. Letters | 1962 → 1961 |" in draft_markdown(check)
    assert check.to_dict()["quotations"][1]["differences"] == ({"draft": "1962", "source": "1961"},)


def test_what_the_time_does_not_suffice_for_is_told_by_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An altered quotation may stand better in a work that was not opened yet, and a page may be right there."""
    monkeypatch.setattr(draft_check, "TOGETHER", 2)
    opened: list[str] = []

    def timed(one: Source) -> Source:
        return Source(one.document, lambda: opened.append(one.document.id) or one.open())  # type: ignore[func-returns-value]

    texts = ["Forty lanterns were sent", "In 1962 the town of Hoshino signed"] * 3
    draft = [Quoted(text, "quotation", 10 * number) for number, text in enumerate(texts, start=1)]

    def statuses(seconds: float) -> list[str]:
        opened.clear()
        # A second goes by whenever a text is opened.
        sources = [timed(plain()), timed(paged())]
        check = check_quotations("draft.md", draft, sources, "f" * 64, seconds, lambda: float(len(opened)))
        assert (check.is_sound, check.is_complete) == (False, len(check.unchecked) == 0)
        return [one.status for one in check.quotations]

    left = "not checked"
    assert statuses(100) == ["exact", "altered"] * 3
    assert opened == ["towns", "piers"] * 6
    assert statuses(1) == [left] * 6
    assert statuses(3) == ["exact", *[left] * 5]
    assert statuses(5) == ["exact", "altered", *[left] * 4]
    assert statuses(7) == ["exact", "altered", "exact", *[left] * 3]
    assert opened == ["towns", "piers"] * 3 + ["towns"]


def test_what_was_not_checked_is_told_with_what_to_do_next() -> None:
    draft = [Quoted("Forty lanterns were sent", "quotation", line) for line in (3, 8)]
    check = check_quotations("draft.md", draft, [plain()], "f" * 64, 0)
    assert (check.is_sound, check.is_complete, check.has_faults, check.counts["not checked"]) == (False, False, False, 2)
    assert summary(check) == (
        "2 quotations: 2 not checked. The time of a check was over: 2 quotations from line 3 on were not compared with all works. "
        "Check the draft in parts or against fewer works, or raise `check_seconds`."
    )
    told = "It was not compared with all works within the 0 seconds that a check may take; check the draft in parts, or against fewer works."
    assert draft_csv(check).split("\r\n")[1] == f'3,not checked,Forty lanterns were sent,,,"{told}"'
    assert (check.to_dict()["complete"], check.to_dict()["quotations"][0]["detail"]) == (False, told)


def test_the_better_of_two_works_is_shown_whichever_is_read_first() -> None:
    near = source(document("near"), "Forty lanterns were sent by boat that autumn.")
    for sources in ([plain(), near], [near, plain()]):
        found = checked("Fifty lanterns were sent by ship that winter", *sources)
        assert (found.places[0].document_id, found.similarity) == ("towns", 0.875)


def test_a_work_without_the_words_of_a_quotation_is_passed_over() -> None:
    other = source(document("other"), "月と海の話である。")
    assert [place.document_id for place in checked("Fifty lanterns were sent by ship", other, plain()).places] == ["towns"]


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("a well-known re-\nsult of **co-operation** in", "wellknown re-sult of cooperation"),
        ("one. \n9 HEAD\n two-\npart &amp; three<sup>4</sup> ends", "part & three ends"),
        ("## The Heading of it\n\nA text.", "The Heading of it"),
    ],
)
def test_offsets_are_those_of_the_file(text: str, stands: str) -> None:
    """Also where a text is put together from stretches, with and without hyphens, and where the words are a heading's."""
    cut = text.find("\n9 HEAD\n")
    segments = [((0, cut), "", ""), ((cut + 8, len(text)), "", "")] if cut > 0 else [((text.find("A "), len(text)), "", "")]
    whole = source(document("one"), text, segments if "#" in text or cut > 0 else ())
    (place,) = checked(stands, whole).places
    assert normalise(text[place.start : place.end]).replace("-", "") == normalise(stands).replace("-", "")


def test_forms_of_few_works_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second check of the same works reads none of them again; of a large corpus only the first ones stay."""
    read: list[str] = []
    texts = {"one": "A" * 60, "two": "B" * 60, "three": "C" * 30}
    monkeypatch.setattr(compared_texts, "KEPT", 100)
    sources = sources_of([document(name) for name in texts], lambda name: read.append(name) or texts[name], lambda _: [])  # type: ignore[func-returns-value]
    for _ in range(2):
        assert [one.open().text for one in sources] == list(texts.values())
    assert read == ["one", "two", "three", "two"]
