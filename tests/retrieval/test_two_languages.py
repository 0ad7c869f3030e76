"""Works in English and Japanese in one library, with the real models: neither language takes the other's places among what is read."""

from __future__ import annotations

import pytest

from askjapan.answering.candidates import candidates_of
from askjapan.answering.plans.search import HITS_READ
from askjapan.assistant import Assistant
from askjapan.retrieval.follow_up import stand_alone
from askjapan.retrieval.retriever import READ_OF_BOTH
from tests.support.table_answers import library_of

TOWNS = (
    "Arvik",
    "Belmo",
    "Corde",
    "Dalum",
    "Estby",
    "Forna",
    "Gavle",
    "Holme",
    "Istad",
    "Jorun",
    "Kelva",
    "Lomma",
    "Marik",
    "Norby",
)
pytestmark = pytest.mark.model

CITIES = (
    "青葉",
    "石川",
    "上野",
    "江戸川",
    "岡谷",
    "春日",
    "北見",
    "草津",
    "神戸",
    "佐賀",
    "白浜",
    "鈴鹿",
    "瀬戸",
    "高松",
    "千曲",
    "鶴岡",
    "天童",
    "富山",
)
ENGLISH = "# Towns and their partners\n" + "".join(
    f"\n## {town}\n\nThe town of {town} chose its partner in Japan in {1970 + number}, after a visit by its mayor. "
    f"Every second year {number + 11} pupils of {town} travel there for three weeks.\n"
    for number, town in enumerate(TOWNS)
)
JAPANESE = "# 姉妹都市の歩み\n" + "".join(
    f"\n## 第{number + 1}章\n\n{name}市は{1965 + number}年に欧州の町と姉妹都市の縁組をした。市長の訪問がきっかけであった。"
    f"隔年で{number + 21}人の生徒が三週間の旅に出る。\n"
    for number, name in enumerate(CITIES)
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of(tmp_path_factory.mktemp("two"), {"towns.md": ENGLISH, "ayumi.md": JAPANESE})


@pytest.mark.parametrize(
    ("question", "by", "answer"),
    [
        ("How many pupils from Kelva go to Japan?", "english", "21 pupils of Kelva"),
        ("When did Estby choose its partner town?", "english", "in 1974"),
        ("白浜市が姉妹都市の縁組をしたのはいつですか。", "japanese", "1975年に"),
    ],
)
def test_most_of_what_is_read_is_in_the_language_of_the_question(library: Assistant, question: str, by: str, answer: str) -> None:
    read = library.retriever.evidence(stand_alone(question), HITS_READ).read

    counts = {reader: sum(one.by == reader for one in read) for reader in ("english", "japanese")}
    assert sum(counts.values()) == READ_OF_BOTH
    assert counts[by] >= 8
    assert answer in read[0].hit.passage.text
    assert answer in library.ask(question).sentences[0].text


def test_an_english_question_is_answered_from_the_japanese_work_that_alone_knows(library: Assistant) -> None:
    answer = library.ask("Which city became a sister city in 1965?")

    assert answer.answered
    assert answer.sentences[0].text.startswith("青葉市は1965年に")


def test_an_english_question_finds_japanese_passages_by_their_words(library: Assistant) -> None:
    hits = library.retriever.retrieve(stand_alone("In which chapter is Sapporo?"), 30)
    without = [hit.signals["lexical"] for hit in hits if hit.passage.text.startswith("神戸市")]
    asked = [
        hit.signals["lexical"]
        for hit in library.retriever.retrieve(stand_alone("In which chapter is Kobe?"), 30)
        if hit.passage.text.startswith("神戸市")
    ]

    assert without[0] <= 0 < asked[0]


def test_each_reader_counts_the_ranks_of_its_own_windows(library: Assistant) -> None:
    evidence = library.retriever.evidence(stand_alone("How many pupils from Kelva go to Japan?"), HITS_READ)

    for reader in ("english", "japanese"):
        ranks = {candidate.rank for candidate in candidates_of(evidence) if candidate.by == reader}
        assert min(ranks) == 0
        assert max(ranks) < sum(one.by == reader for one in evidence.read)
