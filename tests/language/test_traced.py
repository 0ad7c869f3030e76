"""Every character of a changed text knows the character of the source that it comes from."""

from __future__ import annotations

import re

import pytest

from askjapan.language.quotation import normalise, normalised
from askjapan.language.traced import Traced, joined

SOURCES = [
    "Plain words, nothing to do.",
    "He wrote[^12] of *soft* power – “twice”.<sup>3</sup>\n> Quoted &amp; kept;&nbsp;10<sup>6</sup> people, ﬁve of them.",
    "# Heading\n\n姉妹\n都市 と 友好都市。[^1]\n[^1]: A note.\n| a | b |\n",
    "&amp;nbsp; and &amp;amp; and \u00adsoft\u00ad-hyphen\u200b",
    "",
]


@pytest.mark.parametrize("source", SOURCES)
def test_normalised_is_normalise_with_places(source: str) -> None:
    traced = normalised(source)
    assert traced.text == normalise(source)
    assert len(traced.places) == len(traced.text) + 1
    assert traced.places[-1] == len(source)
    for character, place in zip(traced.text, traced.places, strict=False):
        assert normalise(source[place]) in (character, "ffi"[:1], "fi", "") or source[place] == "&"


def test_sub_and_translate() -> None:
    traced = Traced.of("Kyōto–Ōsaka").sub(re.compile("–"), " -- ").translate({"ō": "ou", "Ō": "Oo"})
    assert traced.text == "Kyouto -- Oosaka"
    assert traced.source(*re.search("Oosaka", traced.text).span()) == (6, 11)  # type: ignore[union-attr]
    assert traced.source(*re.search("--", traced.text).span()) == (5, 6)  # type: ignore[union-attr]


def test_stretches_joined_keep_their_places() -> None:
    source = "one [head] two"
    whole = joined([Traced.of(source[:4]), Traced.of(source[11:]).moved(11)])
    assert whole.text == "one two"
    assert whole.source(4, 7) == (11, 14)
