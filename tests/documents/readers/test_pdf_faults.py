"""PDFs that were once read wrongly, beside the project: what a quote of each shows now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers import read
from askjapan.records import Passage
from tests.support.stages import count_words, document, unresolved

FAULTS = Path(__file__).resolve().parents[4] / "shared" / "faults"

# Of each folder: what quotes must show, and what no quote may.
SHOWN: dict[str, tuple[list[str], list[str]]] = {
    "pdf-adobe-japan1": (["みなとは1957ねんにひらかれた。", "ふねは1979ねんに900せきあった。"], []),
    "pdf-crash-filter-name": (["Line 1: the harbour office of Otaru sold 100 tickets in 1979."], []),
    "pdf-form-values-lost": (["22,916", "Population in 2015: 22,916"], []),
    "pdf-identical-pages-refused": (
        ["We need 20,000 bottles of water, 10,000 blankets and 200 tents in the harbour of Kamaishi."],
        [],
    ),
    "pdf-note-fused-with-number": (
        ["The number of links in 2009 was 1576 and it had been 1490", "12 km^2", "2^10 crates", "cost $320 each"],
        ["15764", "14905", "km2", "km 2", "210 crates", "$3206"],
    ),
    "pdf-table-empty-cell": (["Year\tExports\tImports\tBalance", "2002\t\t1,010\tn.a.", "2003\t870\t1,110\t(240)"], []),
    "pdf-words-fused": (["The port of Otaru sold 900 tickets in 1979 and lost the ferry to Nakhodka for good."], []),
}


def pdf_files() -> list[tuple[str, str]]:
    """Folder and file name of each case whose files are PDFs."""
    found = []
    for expected in sorted(FAULTS.glob("*/expected.json")):
        files = json.loads(expected.read_text(encoding="utf-8"))["files"]
        found += [(expected.parent.name, name) for name in files if name.endswith(".pdf")]
    return found


def passages_of(path: Path) -> tuple[str, list[Passage]]:
    reading = read(path)
    found = split(document(reading.text, pages=reading.pages), reading.text, blocks_of(reading), Sizes(120, 256, count_words))
    return reading.text, found


@pytest.mark.shared
@pytest.mark.skipif(not FAULTS.is_dir(), reason="the collection of faults is not here")
class TestFaults:
    def test_each_folder_is_known(self) -> None:
        assert {folder for folder, _ in pdf_files()} == set(SHOWN)

    @pytest.mark.parametrize(("folder", "name"), pdf_files())
    def test_quotes_show_what_the_page_shows(self, folder: str, name: str) -> None:
        text, found = passages_of(FAULTS / folder / name)
        quotes = "\n".join(unit.text for passage in found for unit in passage.units)
        shown, never = SHOWN[folder]
        assert [part for part in shown if part not in quotes] == []
        assert [part for part in never if part in quotes] == []
        assert unresolved(text, found) == []

    def test_notes_are_linked(self) -> None:
        _, found = passages_of(FAULTS / "pdf-note-fused-with-number" / "supnote.pdf")
        notes = {passage.id: passage.text for passage in found if passage.kind == "footnote"}
        assert list(notes.values()) == ["Counted by the council.", "Without Okinawa.", "In prices of 2001."]
        assert [notes[target] for passage in found for target in passage.notes] == list(notes.values())
