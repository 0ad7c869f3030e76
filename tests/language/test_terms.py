"""Words → terms → BM25: folding, stems, numbers, Japanese, saving and loading."""

from __future__ import annotations

import numpy as np
import pytest

from askjapan.errors import IndexDamaged
from askjapan.language.terms import STOP_WORDS, LexicalIndex, fold, terms


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


TEXTS = ["Ships came to the harbour in 2009.", "Harbour pilots are few.", "港の船は1961年に来た。", ""]


def test_scores_rank_the_text_with_the_rarer_word_first():
    index = LexicalIndex.build(TEXTS)
    scores = index.scores("Which ships came to the harbour?")
    assert scores.shape == (4,)
    assert scores.dtype == np.float32
    assert scores.argmax() == 0
    assert scores[0] > scores[1] > scores[2] == scores[3] == 0.0


def test_japanese_is_found_by_pairs_and_by_its_numbers():
    scores = LexicalIndex.build(TEXTS).scores("1961年に港の船は？")
    assert scores.argmax() == 2
    assert LexicalIndex.build(TEXTS).scores("1961")[2] > 0


@pytest.mark.parametrize("question", ["", "the of", "zebra", "…"])
def test_a_question_without_a_known_word_scores_nothing(question):
    assert LexicalIndex.build(TEXTS).scores(question).tolist() == [0.0] * 4


@pytest.mark.parametrize("texts", [[], [""], ["the of"]])
def test_texts_without_words(texts):
    index = LexicalIndex.build(texts)
    assert index.scores("ships").tolist() == [0.0] * len(texts)
    assert index.document_frequency("ship") == 0


def test_document_frequency_counts_texts():
    index = LexicalIndex.build([*TEXTS, "harbour harbour"])
    assert index.document_frequency("harbour") == 3
    assert index.document_frequency("ship") == 1
    assert index.document_frequency("zebra") == 0


def test_saved_and_loaded_scores_are_the_same(tmp_path):
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "lexical")
    again = LexicalIndex.load(tmp_path / "lexical", len(TEXTS))
    assert again.scores("harbour pilots").tolist() == index.scores("harbour pilots").tolist()
    assert again.document_frequency("harbour") == 2
    assert not list((tmp_path / "lexical").rglob("*.pkl"))


def test_a_damaged_index_is_reported_with_its_folder(tmp_path):
    with pytest.raises(IndexDamaged, match="askjapan index") as caught:
        LexicalIndex.load(tmp_path, 4)
    assert str(tmp_path) in str(caught.value)
