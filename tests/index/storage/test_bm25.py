"""Texts → BM25 scores: rare words first, Japanese by pairs, saving and loading."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from askjapan.errors import IndexDamaged
from askjapan.index.storage.bm25 import LexicalIndex

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
    assert index.document_frequency("harbor") == 3
    assert index.document_frequency("ship") == 1
    assert index.document_frequency("zebra") == 0


def test_saved_and_loaded_scores_are_the_same(tmp_path):
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "lexical")
    again = LexicalIndex.load(tmp_path / "lexical", len(TEXTS))
    assert again.scores("harbour pilots").tolist() == index.scores("harbour pilots").tolist()
    assert again.document_frequency("harbor") == 2
    assert not list((tmp_path / "lexical").rglob("*.pkl"))


def test_a_damaged_index_is_reported_with_its_folder(tmp_path):
    with pytest.raises(IndexDamaged, match="askjapan index") as caught:
        LexicalIndex.load(tmp_path, 4)
    assert str(tmp_path) in str(caught.value)


def test_nothing_is_told_of_building(caplog):
    caplog.set_level(logging.DEBUG)
    LexicalIndex.build(["Hoshino exports nets."])
    assert caplog.record_tuples == []
