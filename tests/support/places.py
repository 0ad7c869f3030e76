"""Two invented works, the study notes on them, one of them in Japanese too, their catalogue, and a home folder that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.facts.catalogue import sketch

LANTERNS = """The lantern towns of Hoshino Bay

1. Letters between harbours

In 1961 the town of Hoshino signed a letter of friendship with the Danish port of Vesterby. Forty lanterns were sent by ship
that winter. The mayor of Vesterby answered with a carved bench that still stands beside the ferry pier.

2. What the towns spent

Hoshino spent 312 million yen on exchanges with foreign towns in 1998. By 2004 the sum had fallen to 95 million yen, because the
prefecture no longer paid for travel. School visits went on, paid for by parents and by the fishing cooperative.
"""

TEA = """Tea growers without borders

1. Nurses and pickers

The cooperative of Aoba hired 27 pickers from Nepal in 2012. They learned the work in six weeks and stayed for three seasons on
average. The village set up a language class in the old post office, taught by two retired teachers.

2. What the growers say

Growers say that the harvest of 2015 would have rotted on the hills without the pickers from Nepal.
"""

LANTERNS_NOTE = """---
work: hoshino-lanterns
kind: study note
language: en
---

# Study note: friendship between Hoshino and Vesterby

## Section 1: the letter

Hoshino and Vesterby became friends by a letter signed in 1961. [§1#f1]
Lanterns went to Denmark, a bench came back. [§1#f2]

## Section 2: money

Spending on exchanges was 312 million yen in 1998 and 95 million yen in 2004. [§2#f3]
"""

TEA_NOTE = """---
work: aoba-tea
kind: study note
language: en
---

# Study note: foreign pickers in Aoba

## Section 1: numbers

The tea cooperative of Aoba took on 27 people from Nepal in 2012. [§1#f1]
"""

LANTERNS_NOTE_JA = """---
work: hoshino-lanterns
kind: study note
language: ja
---

# 研究ノート：星野町とベスタービュ町の友好

## 第1節：手紙

星野町とベスタービュ町は、1961年に署名された手紙によって友好関係を結んだ。 [§1#f1]
灯籠がデンマークへ渡り、木彫りの長椅子が返礼として届いた。 [§1#f2]

## 第2節：支出

星野町の交流支出は1998年に3億1,200万円、2004年に9,500万円であった。 [§2#f3]
"""


def catalogue_text() -> str:
    """A catalogue of both works, with the hashes that recognise their full texts."""
    entries = (
        ("hoshino-lanterns", "The Lantern Towns of Hoshino Bay", "Sachi Morikawa", 2006, "sister cities", LANTERNS),
        ("aoba-tea", "Tea Growers Without Borders", "Kenji Ota", 2016, "migration", TEA),
    )
    return "\n".join(
        f'[[work]]\nid = "{id_}"\ntitle = "{title}"\nauthors = ["{author}"]\nyear = {year}\nlanguage = "en"\n'
        f'themes = ["{theme}"]\n'
        f"sketch = {sketch(text)}\n"
        for id_, title, author, year, theme, text in entries
    )


@dataclass(frozen=True)
class Place:
    """A home folder as a user has it: corpus/ with a catalogue, notes/ and works/, and index/ beside it."""

    home: Path

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"

    @property
    def works(self) -> Path:
        return self.corpus / "works"

    @property
    def notes(self) -> Path:
        return self.corpus / "notes"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def catalogue(self) -> Path:
        return self.corpus / "catalogue.toml"


def make_place(home: Path) -> Place:
    """Lay out a home folder with the notes on both invented works, and nothing built yet."""
    place = Place(home)
    place.notes.mkdir(parents=True)
    place.works.mkdir()
    place.catalogue.write_text(catalogue_text(), encoding="utf-8")
    (place.works / "README.md").write_text("# Your own works go here\n", encoding="utf-8")
    (place.notes / "lanterns.md").write_text(LANTERNS_NOTE, encoding="utf-8")
    (place.notes / "tea.md").write_text(TEA_NOTE, encoding="utf-8")
    return place
