"""How far each word of a question is met by a text's units, to the exact value, in vectors that a test can count with."""

from __future__ import annotations

import re

import numpy as np
import pytest

from askjapan.index.encoders.encoder import TokenVectors
from askjapan.retrieval.alignment import SAID, align, content_words
from askjapan.retrieval.readers.window import Place, Window

# Two dimensions: what is a ship, and what is not; "boat" is nearly a ship.
VECTORS = {"ships": (1.0, 0.0), "boats": (0.8, 0.6), "arrived": (0.0, 1.0), "came": (0.6, 0.8)}


def tokens(text: str) -> TokenVectors:
    words = list(re.finditer(r"\w+", text))
    vectors = np.array([VECTORS.get(word.group().lower(), (0.0, 0.0)) for word in words], dtype=np.float32).reshape(-1, 2)
    starts, ends = (np.array([word.span()[side] for word in words], dtype=np.int32) for side in (0, 1))
    return TokenVectors(vectors, starts, ends)


TEXT = "Boats. Snow fell. Ships came."
WINDOW = Window(TEXT, (Place(0, 0, 7, 17), Place(0, 1, 18, 29)))


def aligned(question: str, window: Window = WINDOW):
    return align(question, tokens(question), window, tokens(window.text))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many ships came to Asahi's harbour?", ["many", "ships", "came", "Asahi's", "harbour"]),
        ("Who was it?", ["Who", "was", "it"]),
        ("in 1998", ["1998"]),
        ("?", []),
    ],
)
def test_content_words(question, words):
    assert [question[start:end] for start, end in content_words(question)] == words


def test_each_word_has_its_best_cosine_with_each_unit_and_with_what_is_around():
    found = aligned("boats arrived")
    assert found.units.shape == (2, 2)
    assert found.units == pytest.approx(np.array([[0.0, 0.96], [0.0, 0.8]]))
    # "Boats" in the heading is the very word.
    assert found.around == pytest.approx(np.array([1.0, 0.6]))


def test_the_words_met_on_average_by_the_best_unit():
    # "boats" (0.96) and "arrived" by "came" (0.8) in the second unit, neither in the first.
    assert aligned("boats arrived").together == pytest.approx(0.88)
    assert aligned("?").together == 0.0
    assert aligned("ships", Window("", ())).together == 0.0


def test_a_word_that_the_text_holds_counts_as_said():
    assert aligned("SNOW").units == pytest.approx(np.array([[SAID, 0.0]]))


def test_the_cosines_of_units_are_those_of_their_mean_with_the_questions():
    question = np.array([0.8, 1.6]) / np.hypot(0.8, 1.6)
    unit = np.array([1.6, 0.8]) / np.hypot(1.6, 0.8)
    assert aligned("boats arrived").cosines == pytest.approx(np.array([0.0, question @ unit]))


def test_a_word_of_several_pieces_is_met_by_their_mean():
    question = "ships'arrived"
    found = align(question, tokens(question), WINDOW, tokens(TEXT))
    # (1, 0) and (0, 1) with "came": the mean of 0.6 and 0.8.
    assert found.units[0, 1] == pytest.approx(0.7)


def test_units_beyond_what_was_read_are_met_by_nothing():
    cut = tokens(TEXT)
    some = TokenVectors(cut.vectors[:3], cut.starts[:3], cut.ends[:3])
    found = align("ships came", tokens("ships came"), WINDOW, some)
    assert found.units[:, 1].tolist() == [0.0, 0.0]
    assert found.cosines[1] == 0.0


def test_a_window_without_heading_has_nothing_around():
    window = Window("Ships came.", (Place(0, 0, 0, 11),))
    assert aligned("ships", window).around.tolist() == [0.0]


def test_a_question_without_words_and_a_text_without_any():
    assert aligned("?").units.shape == (0, 2)
    empty = aligned("ships", Window("", ()))
    assert (empty.units.shape, empty.around.tolist()) == ((1, 0), [0.0])


def test_a_word_that_the_text_holds_counts_at_least_its_cosine():
    assert aligned("ships").units[0, 1] == pytest.approx(1.0)


def test_letters_inside_another_word_are_not_the_word():
    assert aligned("now").units.tolist() == [[0.0, 0.0]]
