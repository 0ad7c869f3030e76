"""Japanese questions in English words: longest terms, kept names and figures, years of an era, and a clean glossary."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from askjapan.assistant import Assistant
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.language.glossary import MOST_WORDINGS, Gloss, gloss, glossed_terms, in_japanese
from tests.support.places import make_place


def lines() -> list[str]:
    text = files("askjapan.language").joinpath("data/glossary_ja.tsv").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("日本の姉妹都市は1999年に何件ありましたか。", "Japan sister city 1999 how many cases"),
        ("CLAIRとは何ですか。姉妹都市との関係は?", "CLAIR what is sister city relation"),
        ("平成21年の外国人労働者の割合", "2009 foreign workers share"),
        ("令和元年の外国人労働者の割合", "2019 foreign workers share"),
        ("２０１２年の外国人労働者", "2012 foreign workers"),
    ],
)
def test_a_question_in_english_words(question: str, english: str) -> None:
    found = gloss(question)
    assert found is not None
    assert found.text == english


def test_other_wordings_are_looked_for_too() -> None:
    found = gloss("自治体の割合")
    assert found == Gloss("local government share", "local government municipality share percentage proportion")


@pytest.mark.parametrize(
    "question",
    [
        "How many sister cities?",
        "Сколько городов-побратимов?",
        "자매도시는 몇 개입니까?",
        "それはどう",
        "鵺は国に鳴く烏羽玉の檜扇か",
        "",
    ],
)
def test_of_what_is_mostly_unknown_there_is_no_gloss(question: str) -> None:
    assert gloss(question) is None


def test_every_entry_has_a_term_and_one_to_three_wordings() -> None:
    assert len(lines()) > 2_000
    terms = [line.split("\t")[0] for line in lines()]
    assert len(set(terms)) == len(terms)
    for line in lines():
        term, wordings = line.split("\t")
        assert term == term.strip() != ""
        assert 1 <= len(wordings.split(" / ")) <= 3, line
        assert all(word == word.strip() != "" for word in wordings.split(" / ")), line
        assert not re.search(r"[^\u0000-\u024f’–]", wordings), line


@pytest.mark.model
@pytest.mark.skipif(not is_installed(), reason="the multilingual extra is not installed")
def test_a_japanese_question_is_answered_from_an_english_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = make_place(tmp_path_factory.mktemp("glossed") / "home")
    build([place.corpus], place.index, minilm(), multilingual=multilingual(), catalogue=place.catalogue)
    hit = Assistant.open(place.index).retrieve("2012年に協同組合はネパールから何人雇いましたか", k=1)[0]
    assert hit.passage.text == "The tea cooperative of Aoba took on 27 people from Nepal in 2012."
    assert {"dense", "lexical", "multilingual"} <= set(hit.signals)


def test_the_terms_of_a_question_keep_their_japanese_writing() -> None:
    assert ("日本", "Japan") in glossed_terms("日本の都市は1999年にいくつありましたか")
    assert glossed_terms("How many?") == []


@pytest.mark.parametrize(
    ("question", "held", "missing"),
    [
        ("How many sister cities does Kanazawa have?", ["姉妹都市", "金沢"], ["都市", "姉妹"]),
        ("What is soft power?", ["ソフトパワー"], ["権力", "力"]),
        ("Who pays for the technical interns' lodging?", ["技能実習生"], []),
    ],
)
def test_an_english_question_stands_for_japanese_terms_the_longest_first(
    question: str, held: list[str], missing: list[str]
) -> None:
    found = in_japanese(question).split()

    assert set(held) <= set(found)
    assert not set(missing) & set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("question", ["Xyzzy?", "Who was it for?", "", "姉妹都市とは何ですか。"])
def test_what_the_glossary_does_not_know_and_words_of_asking_alone_stand_for_nothing(question: str) -> None:
    assert in_japanese(question) == ""


def test_an_english_term_stands_for_a_few_japanese_ones_at_most() -> None:
    assert 1 <= len(in_japanese("town").split()) <= MOST_WORDINGS
