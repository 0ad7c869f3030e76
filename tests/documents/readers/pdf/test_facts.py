"""What a PDF says of itself, and text that is noise."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter

from askjapan.documents.readers.pdf.noise import noise
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.documents.readers.pdf.second.facts import facts_of
from tests.support.pdfs import (
    PROSE,
    draw,
    rewritten,
)


class TestFacts:
    def test_facts_of_the_metadata(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")]])

        def state(writer: PdfWriter) -> None:
            writer.add_metadata(
                {"/Title": "Sister  Towns", "/Author": "Mari Ono and Jan Berg", "/CreationDate": "D:20140302101500+09'00'"}
            )

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", state))
        assert reading.facts == {"title": "Sister Towns", "authors": "Mari Ono; Jan Berg", "year": "2014"}
        assert reading.facts_from == "PDF metadata"

    def test_nothing_stated(self, tmp_path: Path) -> None:
        def forget(writer: PdfWriter) -> None:
            writer.metadata = None

        path = rewritten(draw(tmp_path / "a.pdf", [[(72, 700, "One.")]]), tmp_path / "b.pdf", forget)
        reading = read_pdf(path)
        assert (reading.facts, reading.facts_from) == ({}, "")

    @pytest.mark.parametrize(
        "title",
        [
            "Microsoft Word - report.doc",
            "untitled",
            "Untitled-1",
            "(anonymous)",
            "report_final_2.docx",
            "C:\\texts\\report",
            "wp_2019_final",
            "Document1",
            "無題",
            "12345",
            "",
            None,
            "Sis\x00ter",
        ],
    )
    def test_titles_that_say_nothing(self, title: str | None) -> None:
        assert facts_of(title, None, None) == {}

    @pytest.mark.parametrize("title", ["Report 3/4", "姉妹都市", "Towns", "Title and Deed", "Documents of the towns"])
    def test_titles_that_do(self, title: str) -> None:
        assert facts_of(title, None, None) == {"title": title}

    @pytest.mark.parametrize(
        ("entry", "authors"),
        [
            ("Ono, Mari", "Ono, Mari"),
            ("Ono, Mari; Berg, Jan", "Ono, Mari; Berg, Jan"),
            ("Mari Ono, Jan Berg, and Eva Lind", "Mari Ono; Jan Berg; Eva Lind"),
            ("Mari Ono & Jan Berg", "Mari Ono; Jan Berg"),
            ("小野真理、山田花子", "小野真理; 山田花子"),
        ],
    )
    def test_authors(self, entry: str, authors: str) -> None:
        assert facts_of(None, entry, None) == {"authors": authors}

    @pytest.mark.parametrize("entry", ["Administrator", "user", "mari@example.org", "Microsoft Office User"])
    def test_no_authors(self, entry: str) -> None:
        assert facts_of(None, entry, "yesterday") == {}


class TestNoise:
    JAPANESE = "港の町と山の町は、戦後に姉妹都市となり、今も毎年の夏に生徒を送っている。" * 4

    @pytest.mark.parametrize(
        "text",
        [
            PROSE * 5,
            JAPANESE,
            PROSE + JAPANESE,
            "Tōkyō (東京) and Ōsaka (大阪) are 都市 with many ties. " * 6,
            "Příliš žluťoučký kůň. Strč prst skrz krk. " * 12,
            "สวัสดีครับ ผมชื่อสมชาย " * 10,
            "नमस्ते दुनिया यह हिन्दी पाठ है " * 10,
            "Привет, мир и дружба городов. " * 10,
            "αβ x = 3y, f(x)→g(y); for all x in A: h(x)≤2. " * 10,
            "\uf0b7 Item of a list with a bullet from a symbol font\n" * 5,
        ],
    )
    def test_real_texts(self, text: str) -> None:
        assert noise(text) == ""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("".join(chr(ord(letter) - 29) for letter in PROSE * 3), "many of its characters are no text"),
            ("".join(chr(0xF000 + ord(letter)) for letter in PROSE), "many of its characters are no text"),
            (JAPANESE.encode().decode("latin-1"), "many of its characters are no text"),
            ("сестра ɹɹং Θབྷͱ ݱωཞ ಁབ ཤὙग ქλप " * 5, "letters of unrelated scripts are mixed within its words"),
            (JAPANESE.encode("euc-jp").decode("latin-1"), "its words are full of symbols"),
            ("".join(f"/g{ord(letter)}" for letter in PROSE), "it names glyphs instead of letters"),
            ("xqz brtk plmn vwst kcdf " * 30, "its letters make no words"),
        ],
    )
    def test_noise_of_each_kind(self, text: str, reason: str) -> None:
        assert noise(text) == reason

    def test_a_short_text_tells_nothing(self) -> None:
        assert noise("\uf0b7\uf0b7\uf0b7") == ""
