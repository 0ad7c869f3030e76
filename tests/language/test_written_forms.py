"""The ways in which one term is written, each told from what is another word."""

from __future__ import annotations

import re

import pytest

from askjapan.language.written_forms import forms_of, pattern_of, same_names, searchable


def found(term: str, text: str, *, exact: bool = False) -> list[str]:
    """What of a text a term finds, as the text has it."""
    pattern = pattern_of(term, exact=exact)
    assert pattern is not None
    searched = searchable(text, exact=exact)
    stretches = (searched.plain.source(*searched.stretch(*span)) for span in pattern.spans(searched.folded.text))
    return [text[start:end] for start, end in stretches]


@pytest.mark.parametrize(
    ("term", "text", "stretches"),
    [
        ("city", "A city, two Cities; the city's, citywide, capacity, CITY.", ["city", "Cities", "city", "CITY"]),
        ("cities", "one city", ["city"]),
        ("sister city", "sister-city ties, sister cities, Sister\nCity, sisters of a city, sister‐city",
         ["sister-city", "sister cities", "Sister\nCity", "sister‐city"]),
        ("cooperation", "co-operation, coop-\neration, cooperation, cooperations",
         ["co-operation", "coop-\neration", "cooperation", "cooperations"]),
        ("Chūō", "Chuo Kōron, CHŪŌ, Chu\u0304o\u0304, Chuou", ["Chuo", "CHŪŌ", "Chu\u0304o\u0304"]),
        ("news", "new news, the News", ["news", "News"]),
        ("analysis", "analyses, analysis, analyst", ["analyses", "analysis"]),
        ("women", "a woman, two women", ["woman", "women"]),
        ("politics", "politic politics", ["politics"]),
        ("migra*", "migration, Migrants, im-migrants, emigrant", ["migration", "Migrants", "migrants"]),
        ("*national", "international, multi-\nnational, nationals", ["international", "multi-\nnational"]),
        ("* power", "soft power, power", ["soft power"]),
        ("soft * diplomacy", "soft power diplomacy, soft diplomacy", ["soft power diplomacy"]),
        ("1,576", "1576 or 1,576, not 11,576 nor 1,576,000", ["1576", "1,576"]),
        ("576", "1,576 and 576", ["576"]),
        ("TPP", "TPP交渉とTPPs", ["TPP", "TPPs"]),
        ("姉妹都市", "姉妹都市と友好都市、姉妹\n都市提携", ["姉妹都市", "友好都市", "姉妹\n都市"]),
        ("姉妹都市提携", "友好都市提携、姉妹都市", ["友好都市提携"]),
        ("ソフトパワー", "ソフト・パワー、ソフトパワ", ["ソフト・パワー", "ソフトパワ"]),
        ("市ヶ谷", "市ケ谷", ["市ケ谷"]),
        ("soft power", "*soft* **power**[^3] and soft<sup>2</sup> power", ["soft* **power", "soft<sup>2</sup> power"]),
    ],
)  # fmt: skip
def test_what_a_term_finds(term: str, text: str, stretches: list[str]) -> None:
    assert found(term, text) == stretches


@pytest.mark.parametrize(
    ("term", "text", "stretches"),
    [
        ("sister city", "sister-city, Sister City, sister cities, sister\ncity", ["Sister City", "sister\ncity"]),
        ("Chūō", "Chuo, CHŪŌ", ["CHŪŌ"]),
        ("cooperation", "co-operation, cooper-\nation", ["cooper-\nation"]),
        ("migra*", "migration, migra*", []),
        ("姉妹都市", "姉妹都市と友好都市", ["姉妹都市"]),
    ],
)
def test_an_exact_term_finds_nothing_else(term: str, text: str, stretches: list[str]) -> None:
    assert found(term, text, exact=True) == stretches


@pytest.mark.parametrize("term", ["", "…", "*", "- –", "？"])
def test_without_letters_there_is_no_term(term: str) -> None:
    assert pattern_of(term) is None


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("church", {"church", "churches"}),
        ("countries", {"countries", "country", "countrie"}),
        ("series", {"series"}),
        ("his", {"his", "hises"}),
        ("ōsaka", {"ōsaka"}),
        ("of", {"of"}),
    ],
)
def test_forms(word: str, forms: set[str]) -> None:
    assert forms <= forms_of(word)
    assert not {"new", "good", "hi"} & forms_of(word)


def test_a_straight_search_counts_the_same() -> None:
    """An oracle without any of this code: words of small letters, in a text that needs no folding."""
    text = " ".join(
        f"{word} {number}" for number in range(400) for word in ("harbour", "ferry", "lantern", "town hall")[: number % 5]
    )
    for term in ("harbour", "ferry", "lantern", "town hall", "hall"):
        assert len(found(term, text, exact=True)) == len(re.findall(rf"\b{term}\b", text)) > 50
        assert len(found(term, text)) == text.count(term)


def test_no_pattern_runs_away() -> None:
    assert pattern_of("*a*a*a*b") is None
    assert found("*a*a*b", "a" * 3000 + " c") == []
    # Where every place of every piece is tried, these take minutes.
    assert found("a*a*a*b", ("a" * 120 + " ") * 4_000 + "axaxaxb") == ["axaxaxb"]
    assert found("日*日*日*本", "日" * 300_000 + "。日x日x日x本") == ["日x日x日x本"]
    assert found("migra**", "migration") == ["migration"]


@pytest.mark.parametrize(
    ("name", "other"),
    [("Netherlands", "dutch"), ("Filipino", "philippines"), ("アメリカ", "米国"), ("the US", ""), ("Marvik", "")],
)
def test_names_of_one_country(name: str, other: str) -> None:
    names = same_names(name)
    assert names[0] == name.casefold()
    assert (other in names) if other else len(names) == 1
