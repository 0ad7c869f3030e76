"""Files that were once read wrongly, beside the project: each gives what its page shows, through reading and passages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers import read
from askjapan.records import Document, Passage

FAULTS = Path(__file__).resolve().parents[4] / "shared" / "faults"
SIZES = Sizes(target=200, limit=256, count_pieces=lambda text: len(text.split()) + 2)


@dataclass(frozen=True)
class Expected:
    """What one file's units must and must not be: whole units, pieces of units, and sections that hold a piece."""

    units: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


SECTIONS = ("Introduction", "Related work", "Social security of migrants", "Share of small towns", "Comments from mayors", "Conclusion")
ALL_SECTIONS = Expected(
    sections=tuple(
        zip(SECTIONS, ("Seattle", "812", "44 percent", "37 percent", "3 million", "twelve years"), strict=True)
    )
)
# `expected.json` says it in words; here are the same words for a machine.
EXPECTED = {
    "docx-structure/celldel.docx": Expected(
        units=("Year\tMembers", "2008\t530", "The secretariat moved from Osaka to Kobe in the spring of 2012."), never=("Old count", "411")
    ),
    "docx-structure/nested.docx": Expected(units=("City\tStaff\tBudget\tContact", "Nagoya\t14\t220", "Sapporo\t9\t130\tnone")),
    "docx-structure/altchunk.docx": Expected(units=("The twinning agreement was signed in Cebu in 1987.",)),
    "docx-structure/hiddenstyle.docx": Expected(units=("The fee is 300 yen.",), never=("draft", "900")),
    "docx-structure/tabs.docx": Expected(units=("Year\tArrivals\tDepartures", "2008\t\t71", "2009\t85", "Total 156")),
    "eucjp-win-mojibake/euc_ext.html": Expected(
        pieces=("神戸市は1987年にセブ市と姉妹都市の協定を結んだ。", "費用は①県と②市が負担し、")
    ),
    "eucjp-win-mojibake/euc_ext.txt": Expected(units=("神戸市は1987年にセブ市と姉妹都市の協定を結んだ。", "費用は①県と②市が負担した。")),
    "html-sections-lost/pandoc.html": ALL_SECTIONS,
    "html-sections-lost/pandoc_flat.html": ALL_SECTIONS,
    "html-sections-lost/sphinx.html": ALL_SECTIONS,
    "math-fused/omml.docx": Expected(
        pieces=("The city pays 3/4 of the ferry subsidy", "2^10 crates"), never=("34 of", "210 crates")
    ),
    "math-fused/mathml.html": Expected(
        pieces=("The city pays 3/4 of the ferry subsidy", "2^10 crates", "opened 1 1/2 years late and cost 2 3/4 billion yen"),
        never=("34 of", "210 crates"),
    ),
    "md-leading-rule/rule.md": Expected(units=("It will cost 40 million yen.",)),
    "md-leading-rule/rule2.txt": Expected(units=("Note: typed from the minutes.", "The league voted for a new ferry in 1994.")),
    "md-markup-in-quote/mdnote.md": Expected(
        units=("The pier is old.", "It cost 600 yen.", "Value a_b and code_x.", "x | y\t1,576", "open task 12"),
        never=("500", "999", "http", "a.png", "[", "]", "~", "<!--"),
        notes=(("The pier is old.", "Built in 1901."),),
    ),
    "sup-exponent-dropped/sup.html": Expected(
        pieces=("12 mi^2", "R^2 = 0.83", "About 10 cities answered", "2^20 draws", "14C dating"),
        notes=(("About 10 cities", "Counted by the author."),),
    ),
    "sup-exponent-dropped/sup.docx": Expected(pieces=("(R^2 = 0.83)", "2^20 draws", "14C.")),
    "sup-exponent-dropped/ok.epub": Expected(
        units=("The pier was built in 1901 and cost 10 thousand yen.", "港は一九〇一年に開かれた。", "See 2/3 of the dues."),
        notes=(("cost 10 thousand yen", "In prices of 1901."), ("built in 1901", "The plans are of 1899.")),
    ),
}  # fmt: skip


def cases() -> Iterator[str]:
    for folder in sorted(FAULTS.iterdir()) if FAULTS.is_dir() else ():
        listed = folder / "expected.json"
        if folder.name != "questions" and listed.is_file():
            names = json.loads(listed.read_text(encoding="utf-8"))["files"]
            yield from (f"{folder.name}/{name}" for name in names if not name.endswith(".pdf"))


def passages_of(path: Path) -> list[Passage]:
    reading = read(path)
    document = Document("a", "A", (), None, "", (), "full text", "en", path.name, "", path.suffix, "")
    return split(document, reading.text, blocks_of(reading), SIZES)


@pytest.mark.shared
def test_every_case_has_its_words_here():
    if not FAULTS.is_dir():
        pytest.skip("the faults are not here")
    assert set(cases()) == set(EXPECTED)


@pytest.mark.shared
@pytest.mark.parametrize("case", sorted(EXPECTED))
def test_a_file_that_was_read_wrongly_gives_what_its_page_shows(case):
    if not (FAULTS / case).is_file():
        pytest.skip("the faults are not here")
    expected = EXPECTED[case]
    passages = passages_of(FAULTS / case)
    units = [unit.text for passage in passages for unit in passage.units]
    assert [unit for unit in expected.units if unit not in units] == []
    assert [piece for piece in expected.pieces if not any(piece in unit for unit in units)] == []
    assert [piece for piece in expected.never if any(piece in unit for unit in units)] == []
    for section, piece in expected.sections:
        assert [passage.section for passage in passages if piece in passage.text] == [section]
    by_id = {passage.id: passage.text for passage in passages}
    for piece, note in expected.notes:
        assert any(note in by_id[each] for passage in passages if piece in passage.text for each in passage.notes)
