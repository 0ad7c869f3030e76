"""Which edition of a study note a question gets, and which sentence of a note stands beside a quote of a full text."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.render import to_plain, to_text
from askjapan.citations.verify import verify
from askjapan.errors import QuestionError
from askjapan.index.build import build
from askjapan.index.storage.store import open_index
from askjapan.language.scripts import is_japanese
from askjapan.retrieval.companions import same_section
from askjapan.settings import Settings
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, LANTERNS_NOTE_JA, Place, make_place

ENGLISH = "How much was the spending on exchanges in 1998 and 2004?"
JAPANESE = "星野町の交流支出は1998年にいくらでしたか。"
NOTE, EDITION = "hoshino-lanterns-note", "hoshino-lanterns-note-ja"


def opened(place: Place) -> Assistant:
    """An assistant that answers every question; the same stand-in serves as both encoders."""
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue, multilingual=HashEncoder())
    settings = Settings(home=place.home, threshold=0, answer_sentences=2)
    return Assistant(open_index(place.index), HashEncoder(), HashEncoder(), settings)


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    place = make_place(tmp_path_factory.mktemp("notes") / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    return opened(place)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The full text, the note in both languages beside it; one of the text's sentences is reported word by word."""
    place = make_place(tmp_path_factory.mktemp("beside") / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    spent = "Spending on exchanges was 312 million yen in 1998 and 95 million yen in 2004."
    (place.works / "lanterns.txt").write_text(LANTERNS.replace("\nHoshino spent", f"\n{spent} Hoshino spent"), encoding="utf-8")
    return opened(place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("姉妹都市はいくつありますか", True),
        ("ソフトパワー", True),
        ("姉妹都市数", True),
        ("What is 姉妹都市?", True),
        ("日本有多少个姐妹城市？", False),
        ("일본의 자매도시는?", False),
        ("Сколько городов-побратимов?", False),
        ("How many sister cities?", False),
    ],
)
def test_what_a_japanese_question_is(text: str, expected: bool) -> None:
    assert is_japanese(text) is expected


def test_an_english_question_never_gets_the_japanese_edition(notes: Assistant) -> None:
    assert EDITION not in {hit.document.id for hit in notes.retrieve(ENGLISH, 100)}
    answer = notes.ask(ENGLISH)
    first = answer.citations[0]
    assert (first.document_id, first.quote) == (
        NOTE,
        "Spending on exchanges was 312 million yen in 1998 and 95 million yen in 2004.",
    )
    assert (first.locator, first.section) == ("§2", "Section 2: money")
    assert first.parallel is not None
    assert (first.parallel.document_id, first.parallel.language, first.parallel.text) == (
        EDITION,
        "ja",
        "星野町の交流支出は1998年に3億1,200万円、2004年に9,500万円であった。",
    )
    assert notes.text(EDITION)[first.parallel.start : first.parallel.end] == first.parallel.text


def test_a_japanese_question_gets_the_japanese_edition_and_not_the_english_one(notes: Assistant) -> None:
    hits = notes.retrieve(JAPANESE, 100)
    assert {hit.document.id for hit in hits} == {EDITION, "aoba-tea-note"}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    answer = notes.ask(JAPANESE)
    assert NOTE not in {hit.document.id for hit in answer.hits}
    cited = [citation for citation in answer.citations if citation.document_id != "aoba-tea-note"]
    assert {citation.document_id for citation in cited} == {EDITION}
    for citation in cited:
        assert notes.text(EDITION)[citation.start : citation.end] == citation.quote
        assert citation.parallel is not None
        assert (citation.parallel.document_id, citation.parallel.language) == (NOTE, "en")
        assert notes.text(NOTE)[citation.parallel.start : citation.parallel.end] == citation.parallel.text


def test_a_follow_up_gets_the_edition_of_its_own_language(notes: Assistant) -> None:
    """Whoever changes language within a conversation is answered in the language of the last message."""
    english = notes.ask("And in 2004?", history=[JAPANESE])
    assert english.standalone_question != "And in 2004?"
    assert EDITION not in {citation.document_id for citation in english.citations}
    assert EDITION not in {hit.document.id for hit in notes.retrieve("And in 2004?", 100, [JAPANESE])}
    japanese = notes.ask("2004年は？", history=[ENGLISH])
    assert japanese.standalone_question != "2004年は？"
    assert NOTE not in {citation.document_id for citation in japanese.citations}


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE])
@pytest.mark.parametrize("filters", [{"documents": [NOTE]}, {"documents": [EDITION]}, {"themes": ["sister cities"]}])
def test_filters_name_the_work_in_every_edition(question: str, filters: dict[str, list[str]], notes: Assistant) -> None:
    shown = EDITION if question == JAPANESE else NOTE
    assert {hit.document.id for hit in notes.retrieve(question, 100, **filters)} == {shown}  # type: ignore[arg-type]


def test_an_edition_is_no_work_of_the_library(notes: Assistant) -> None:
    assert [document.id for document in notes.documents] == [NOTE, "aoba-tea-note"]
    assert notes.shown_documents(JAPANESE) == {EDITION, "aoba-tea-note"}
    assert notes.shown_documents(ENGLISH) == {NOTE, "aoba-tea-note"}


def test_verify_checks_the_parallel_too(notes: Assistant, tmp_path: Path) -> None:
    answer = notes.ask(JAPANESE, documents=[NOTE])
    data = answer.to_dict()
    verdicts = verify([data], [])
    assert {(verdict.document_id, verdict.status) for verdict in verdicts} == {(EDITION, "ok"), (NOTE, "ok")}
    data["sentences"][0]["citations"][0]["parallel"]["start"] += 1
    wrong = [verdict for verdict in verify([data], []) if verdict.status != "ok"]
    assert [(verdict.document_id, verdict.status) for verdict in wrong] == [(NOTE, "wrong")]
    assert "The quote stands elsewhere in the file: the place is wrong." in wrong[0].detail


def test_a_note_is_shown_as_ours(notes: Assistant) -> None:
    answer = notes.ask(ENGLISH, documents=[NOTE])
    sentence = "Spending on exchanges was 312 million yen in 1998 and 95 million yen in 2004."
    text = to_text(answer)
    assert f"{sentence} [1] (note on Morikawa, §2)\n" in text
    assert "“" not in text
    assert (
        "[1] Study note on: Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006), §2 – Section 2: money, characters " in text
    )
    assert to_plain(answer).startswith(f"{sentence} (note on Morikawa, §2)")
    beneath = to_text(answer, parallel=True).split(f"{sentence} [1] (note on Morikawa, §2)\n")[1]
    assert beneath.startswith("    ja: 星野町の交流支出は1998年に3億1,200万円、2004年に9,500万円であった。\n")


# --- beside a full text


def test_a_companion_is_not_searched(beside: Assistant) -> None:
    for question in (ENGLISH, JAPANESE):
        assert {hit.document.id for hit in beside.retrieve(question, 100)} == {"hoshino-lanterns", "aoba-tea-note"}
    with pytest.raises(
        QuestionError, match=f"There is no document '{NOTE}' in the index. Known are: aoba-tea-note, hoshino-lanterns."
    ):
        beside.retrieve(ENGLISH, documents=[NOTE])


def test_above_a_quote_of_a_full_text_stands_the_notes_sentence_in_japanese(beside: Assistant) -> None:
    answer = beside.ask("1998 2004 星野町 312 95", documents=["hoshino-lanterns"])
    spent = next(n for n, s in enumerate(answer.sentences) if s.text.startswith("Spending on exchanges"))
    companion, quote = answer.sentences[spent - 1 : spent + 1]
    assert (companion.kind, companion.text) == (
        "companion",
        "星野町の交流支出は1998年に3億1,200万円、2004年に9,500万円であった。",
    )
    assert (quote.kind, quote.citations[0].document_id) == ("quote", "hoshino-lanterns")
    assert [citation.document_id for citation in companion.citations] == [EDITION]
    assert [sentence.citations[0].marker for sentence in answer.sentences] == list(range(1, len(answer.sentences) + 1))
    assert {verdict.status for verdict in verify([answer.to_dict()], [])} == {"ok"}
    text = to_text(answer)
    assert f"{companion.text} [{spent}] (note on Morikawa, §2)\n“{quote.text}” [{spent + 1}]" in text


def test_an_english_question_gets_no_companion(beside: Assistant) -> None:
    answer = beside.ask(ENGLISH, documents=["hoshino-lanterns"])
    assert {sentence.kind for sentence in answer.sentences} == {"quote"}


@pytest.mark.parametrize(
    ("locator", "section", "expected"),
    [
        ("§2", "2. What the towns spent", True),
        ("§2", "12. What the towns spent", False),
        ("§4", "4. Ports › 4.1. Quays", True),
        ("§4.1", "4. Ports › 4.1. Quays", True),
        ("§4.2", "4. Ports › 4.1. Quays", False),
        ("§3,Table2", "2. Ports", False),
        ("§3,§2", "2. Ports", True),
        ("§IV-2", "IV. Flows › IV-2. Work", True),
        ("§IV", "VI. Reform", False),
        ("Introduction", "Introduction", True),
        ("Introduction", "2. Ports", False),
        ("§2", "Introduction", False),
        ("¶3", "2. Ports", None),
        ("note14", "Footnotes", None),
        ("§2", "", None),
    ],
)
def test_sections_that_agree(locator: str, section: str, expected: bool | None) -> None:
    assert same_section(locator, section) is expected
