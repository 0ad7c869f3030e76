"""A library of one text, asked about its tables, and the rows that an answer quotes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from askjapan.assistant import Assistant
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.records import Answer
from askjapan.settings import Settings


def library_of_one(home: Path, name: str, text: str) -> Assistant:
    """An assistant over one text, with the real models; `home` is an empty folder."""
    return library_of(home, {name: text})


def library_of(home: Path, texts: Mapping[str, str]) -> Assistant:
    """The same over several texts, by file name."""
    corpus = home / "corpus"
    corpus.mkdir()
    for name, text in texts.items():
        (corpus / name).write_text(text, encoding="utf-8")
    build([corpus], home / "index", minilm(), catalogue=home / "none.toml", multilingual=multilingual())
    return Assistant.open(settings=Settings(home=home, index=home / "index", corpus=(corpus,)))


def rows(answer: Answer) -> list[str]:
    """The last line of each quote: the row, without caption and header."""
    return [sentence.text.splitlines()[-1] for sentence in answer.sentences if sentence.kind == "quote"]
