"""Scripts: the language that a whole text shows, what a file may state beside it, and how words are counted."""

from __future__ import annotations

import pytest

from askjapan.language.scripts import Written, fits, written_in
from askjapan.language.words import count_words

ENGLISH = "The ferry to the island of Kujira carries forty cars, and it has been in service for the town since the war. " * 3


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("港の船は1961年に来た。", Written("ja", "its script: 100 % kana and kanji")),
        (
            f"抄録の英語。{ENGLISH}" + "港町の祭りは毎年秋に行われ、住民が集まる。" * 20,
            Written("ja", "its script: 60 % kana and kanji"),
        ),
        (f"{ENGLISH} The word ふるさと means home.", Written("en", "its script and its function words")),
        ("港口的船在一九六一年来了。", Written("zh", "its script: 100 % Han")),
        ("배가 항구에 들어왔다.", Written("ko", "its script: 100 % Hangul")),
        ("Корабли пришли в порт.", Written("ru", "its script: 100 % Cyrillic")),
        (
            "Die Fähre zur Insel fährt jeden Morgen um sechs Uhr. " * 9,
            Written("und", "its script: Latin, but no English function words"),
        ),
        ("Ships.", Written("en", "the default: it has too few words to tell")),
    ],
)
def test_the_language_of_a_text_is_told_by_its_scripts(text: str, written: Written) -> None:
    assert written_in(text) == written


@pytest.mark.parametrize(
    ("stated", "text", "possible"),
    [
        ("en", "港の船は1961年に来た。", False),
        ("ja", "港の船は1961年に来た。", True),
        ("ja", ENGLISH, False),
        ("de", "Die Fähre fährt.", True),
        ("uk", "Кораблі прийшли в порт.", True),
        ("en", "Кораблі прийшли в порт.", False),
    ],
)
def test_a_stated_language_must_fit_the_script(stated: str, text: str, possible: bool) -> None:
    assert fits(stated, written_in(text)) is possible


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("It's 3.5 km to the well-kept pier.", 7), ("港町の祭り", 3), ("The word ふるさと means home", 6)],
)
def test_two_characters_count_as_a_word(text: str, number: int) -> None:
    assert count_words(text) == number
