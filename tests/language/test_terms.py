"""Words → terms: folding, stems, numbers, Japanese."""

from __future__ import annotations

import unicodedata

import pytest

from askjapan.language.terms import STOP_WORDS, UNMARKED, fold, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Chūō kōron", "chuo koron"),
        ("ＡＢＣ１２３", "abc123"),
        ("ｶﾞｽ", "ガス"),
        ("が", "が"),
        ("Kôzuki Straße É", "kozuki strasse e"),
        ("№ ﬁ", "no fi"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_no_letter_that_is_taken_for_unmarked_combines():
    unmarked = [chr(code) for code in range(0x110000) if UNMARKED.fullmatch(chr(code))]
    assert len(unmarked) == 0x300 + 0xD0
    assert [letter for letter in unmarked if unicodedata.combining(letter)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The municipalities were sending trainees", ["municip", "send", "traine"]),
        ("1,576 ties rose 3.5% by 2009", ["1576", "tie", "rose", "3.5", "2009"]),
        ("16-18 percent", ["16-18", "16", "18", "percent"]),
        ("16–18 percent", ["16", "18", "percent"]),
        ("co-operation", ["co", "oper", "cooper"]),
        ("Japan's and Japan’s", ["japan", "japan"]),
        ("U.S. and U.K.", ["us", "uk"]),
        ("R&D", ["rd"]),
        ("snake_case", ["snake", "case"]),
        ("2009年のTPP交渉", ["2009", "年の", "tpp", "交渉"]),
        ("姉妹都市", ["姉妹", "妹都", "都市"]),
        ("人々", ["人々"]),
        ("港", ["港"]),
        ("ガス会社、2社", ["ガス", "ス会", "会社", "2", "社"]),
        ("мягкая сила", ["мягкая", "сила"]),
        ("the of and", []),
        ("…!?", []),
        ("", []),
    ],
)
def test_terms(text, found):
    assert terms(text) == found


def test_a_line_end_hyphen_does_no_harm():
    assert terms("munici-palities")[-1] == terms("municipalities")[0]


def test_stop_words_are_lower_case_words():
    assert {"the", "what", "which", "do"} <= STOP_WORDS
    assert all(word == word.lower() and word.isalpha() for word in STOP_WORDS)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("labour", "labor"), ("neighbouring", "neighboring"), ("globalised", "globalized"), ("organisations", "organizations"),
        ("analysed", "analyzed"), ("centre", "center"), ("dialogue", "dialog"), ("programmes", "programs"), ("defence", "defense"),
        ("travelled", "traveled"),
    ],
)  # fmt: skip
def test_british_and_american_spellings_are_one_term(british: str, american: str) -> None:
    assert terms(british) == terms(american)
