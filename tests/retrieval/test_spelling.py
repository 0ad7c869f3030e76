"""Slips of the keyboard are corrected to the corpus's own words; words that are rightly spelled are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.storage.store import open_index
from askjapan.retrieval.spelling import Spelling, distance_between

TEXT = """---
title: Ports
---

# Ports

Otaru and Nakhodka became partners; Australia and Korean sailors came, and some from America. Their further thinking was outstanding.
小樽市はナホトカ市と姉妹都市になった。
"""


@pytest.fixture(scope="module")
def spelling(tmp_path_factory: pytest.TempPathFactory) -> Spelling:
    home: Path = tmp_path_factory.mktemp("spelling")
    (home / "corpus").mkdir()
    (home / "corpus" / "ports.md").write_text(TEXT, encoding="utf-8")
    build([home / "corpus"], home / "index", minilm(), catalogue=home / "none.toml")
    return Spelling(open_index(home / "index"), minilm())


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("When did Ottaru and Nakodka become parters?", "When did Otaru and Nakhodka become partners?"),
        ("ナコトカ市はいつ姉妹都市になりましたか", "ナホトカ市はいつ姉妹都市になりましたか"),
        # Words of their own, whether the corpus has them or not.
        ("Did Austria and Korea come?", "Did Austria and Korea come?"),
        ("Summarise what sailors did", "Summarise what sailors did"),
        ("Who came furthest?", "Who came furthest?"),
        ("How many were outstaying the twinning?", "How many were outstaying the twinning?"),
        ("Did Almeria come, or Amreica?", "Did Almeria come, or America?"),
        ("Were Nakhhodks and Australai there?", "Were Nakhodka and Australia there?"),
        ("Who is Otaro?", "Who is Otaru?"),
        ("Who is Zyxwvut?", "Who is Zyxwvut?"),
        ("ロシアはいつ来ましたか", "ロシアはいつ来ましたか"),
    ],
)
def test_slips_and_words(spelling: Spelling, question: str, corrected: str) -> None:
    assert spelling.corrected(question)[0] == corrected


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("otaru", "otaru", 0),
        ("ottaru", "otaru", 1),
        ("otrau", "otaru", 1),
        ("nakodka", "nakhodka", 1),
        ("niigata", "nagoya", 3),
        ("", "ab", 2),
    ],
)
def test_distance(one: str, other: str, distance: int) -> None:
    assert distance_between(one, other, 2) == distance
