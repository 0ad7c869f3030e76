"""The collection of PDFs beside the project, where it is present."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.documents.readers.pdf.second import reader as pdf
from askjapan.errors import DamagedFile, NoTextLayer, PasswordNeeded, ReadingError
from askjapan.language.quotation import clean
from tests.support.pdfs import (
    by_pypdf,
    furniture,
    texts,
)
from tests.support.sayings import told

SHARED = Path(__file__).resolve().parents[5] / "shared" / "pdfs"


pytestmark_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the collection of PDFs is not here")


def letters(text: str) -> str:
    """The text without white space and hyphens, ligatures as letters."""
    return re.sub(r"[\s\u00ad-]", "", unicodedata.normalize("NFKC", text))


def in_order(text: str, *parts: str) -> bool:
    """Whether each part is there once and after the one before."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places) and all(text.count(part) == 1 for part in parts)


@pytest.mark.shared
@pytestmark_shared
class TestCollection:
    """One test for each row of the collection's table."""

    def test_latex(self) -> None:
        reading = read_pdf(SHARED / "latex-4-pages.pdf")
        assert [letters(text) for text in texts(reading)] == [letters(text) for text in by_pypdf(SHARED / "latex-4-pages.pdf")]
        assert [page.label for page in reading.pages] == furniture(reading) == ["1", "2", "3", "4"]

    def test_page_labels(self) -> None:
        reading = read_pdf(SHARED / "page-labels.pdf")
        assert [(page.number, page.label) for page in reading.pages] == [(1, "iii"), (2, "iv"), (3, "1"), (4, "2"), (5, "1")]
        assert furniture(reading) == ["iii", "iv", "1", "2", "1"]

    def test_two_columns(self) -> None:
        reading = read_pdf(SHARED / "two-columns.pdf")
        assert in_order(
            texts(reading)[0], "Abstract\n", "Vivamus viverra fermentum felis", "Proin fermentum massa ac quam", "leo. Quisque"
        )
        assert in_order(
            texts(reading)[1], "Suspendisse vel felis", "odio. Vestibulum ante", "luctus et ultrices", "Suspendisse vitae elit"
        )
        assert furniture(reading) == ["1", "2", "3"]

    def test_two_columns_of_a_paper(self) -> None:
        reading = read_pdf(SHARED / "columns-2-pages.pdf")
        assert in_order(
            texts(reading)[0], "1 Introduction", "from above 80%", "Retrieval in open-domain QA is", "state-of-the-art results on"
        )
        assert in_order(texts(reading)[1], "2 Background", "of diversified topics", "the extractive QA setting", "3.1 Overview")
        assert len(reading.furniture) == 1

    def test_three_columns(self) -> None:
        reading = read_pdf(SHARED / "three-columns.pdf")
        pages = texts(reading)
        assert len(pages) == 15
        assert in_order(
            pages[0],
            "rules.\n",
            "Proposed Rules\n",
            "methods:",
            "Federal eRulemaking",
            "reference a specific portion",
            "proposal, explain",
        )
        # Each column with its notes, although the file draws the notes of all columns first.
        assert in_order(
            pages[1],
            "activation, airspeed disagree alert, and",
            "providing tactile",
            "altitude disagree alert,[^5]",
            "revision to the",
            "and the Ethiopian Civil",
        )
        for ours, theirs in zip(pages, by_pypdf(SHARED / "three-columns.pdf"), strict=True):
            there, here = Counter(letters(theirs)), Counter(letters(re.sub(r"\[\^(\d+)\]:?", r"\1", ours)))
            # Nothing is lost; pypdf ends some words with a hyphen less.
            assert sum((there - here).values()) <= 0.002 * sum(there.values())
        assert [page.label for page in reading.pages] == [str(number) for number in range(47698, 47713)]

    def test_no_line_crosses_the_gutter_in_three_columns(self) -> None:
        reading = read_pdf(SHARED / "three-columns.pdf")
        for page in reading.pages:
            heads = [(start, end) for start, end in reading.furniture if page.start <= start < page.end]
            at, longest = page.start, 0
            for start, end in [*heads, (page.end, page.end)]:
                longest = max(longest, *(len(clean(line)) for line in reading.text[at:start].split("\n")))
                at = end
            # Pages 5 and 6 have a table across the page.
            assert (longest < 60) == (page.number not in (5, 6)), page.number

    def test_japanese(self) -> None:
        reading = read_pdf(SHARED / "japanese.pdf")
        assert "A grasshopper spent the summer" in reading.text
        assert "「私は冬の餌を集めています。" in reading.text
        assert reading.facts["title"] == "grasshopper"
        # pypdf ends the line after nearly every sign; nothing but line ends differs.
        assert [page.split() for page in by_pypdf(SHARED / "japanese.pdf")] != [page.split() for page in texts(reading)]
        assert ["".join(page.split()) for page in by_pypdf(SHARED / "japanese.pdf")] == [
            "".join(page.split()) for page in texts(reading)
        ]

    def test_noise(self) -> None:
        """pypdf gives noise; pdfium knows the characters. Two tiers of vertical writing."""
        reading = read_pdf(SHARED / "japanese-read-as-noise.pdf")
        assert in_order(
            reading.text,
            "わたくしといふ現象は\n",
            "それらも畢竟こゝろのひとつの風物です\n",
            "けれどもこれら新世代沖積世の\n",
            "大正十三年一月廿日",
        )
        assert reading.unconfirmed != ()

    def test_empty_password(self) -> None:
        reading = read_pdf(SHARED / "opens-with-empty-password.pdf")
        assert reading.text.startswith("LayoutParser: A Unified Toolkit")
        assert "practical difficulties for taking advantages" in reading.text
        assert reading.unconfirmed == ()

    def test_password(self) -> None:
        with pytest.raises(PasswordNeeded, match=r"needs-password\.pdf is encrypted and needs a password"):
            read_pdf(SHARED / "needs-password.pdf")

    def test_no_text_layer(self) -> None:
        with pytest.raises(NoTextLayer, match=r"no-text-layer\.pdf has no text layer"):
            read_pdf(SHARED / "no-text-layer.pdf")

    def test_broken_pages(self) -> None:
        with pytest.raises(DamagedFile, match=r"broken-pages\.pdf is damaged; the PDF reader says: Invalid object in /Pages\."):
            read_pdf(SHARED / "broken-pages.pdf")

    @pytest.mark.slow
    def test_reader_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "LONGEST_ARRAY", 100_000)
            with pytest.raises(ReadingError, match=r"limit of the PDF reader: Reached maximum array element count"):
                pdf.second_reading(SHARED / "reader-limit.pdf")
        reading = read_pdf(SHARED / "reader-limit.pdf")
        assert len(reading.pages) == 72
        assert [page.label for page in reading.pages[:4]] == [None, "2", "3", "4"]
        assert reading.facts["title"].startswith("Form 10-Q for Microsoft")

    def test_malformed(self) -> None:
        reading = read_pdf(SHARED / "malformed.pdf")
        assert reading.text == "2021 3 31"
        assert told(reading.warnings) == (
            "Page 1 of malformed.pdf is malformed: the page size is not in order.",
            "Page 1 of malformed.pdf is mostly a picture, and what it shows is not read.",
        )

    def test_corrupted(self) -> None:
        reading = read_pdf(SHARED / "corrupted.pdf")
        assert reading.text.startswith("Beautiful is better than ugly.")
        assert told(reading.warnings) == ("Page 1 of corrupted.pdf is damaged in part, so text may be missing.",)
        assert "title" not in reading.facts
