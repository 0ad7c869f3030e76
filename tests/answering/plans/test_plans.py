"""Questions of each kind, asked through the door of a library of small works: English and Japanese, full texts and a study note."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.export import to_markdown
from askjapan.citations.render import to_plain, to_text
from askjapan.citations.verify import verify
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.records import Answer
from askjapan.settings import Settings

PORTS = """---
title: Partner Ports of the Amber Coast
authors: Nora Lindqvist
year: 2008
themes: ports
---

# Partner ports of the Amber coast

## Introduction

This study argues that small harbours keep their foreign partners longer than large ones. It follows three towns from 1961 to 2006.

## Otaru

Otaru and Nakhodka became partners on 12 September 1966. The timber trade was worth 1,250,000 yen in that year. In 1979 the spring fair drew
61,000 visitors, its highest number. The ferry to Nakhodka did not run in winter.

## Niigata

The delegation of the Niigata Chamber of Commerce and Industry (NCCI) visited Khabarovsk in 1973. The mayor of Niigata, Ichiro Tamura, signed
the agreement on 23 April 1965.

## Why partnerships end

Partnerships ended for three reasons. First, the councils lost their money after 1991. Second, the interpreters retired. Third, cheap flights
took travellers to warmer coasts. A treaty of 1956 was never the problem.

## Visitors

Table 1. Visitors from partner towns by country

| Country | Visitors in 1995 | Visitors in 2005 |
| --- | --- | --- |
| Latvia | 4,100 | 2,300 |
| Poland | 900 | 5,800 |
| Norway | 3,200 | 4,700 |
| Total | 8,200 | 12,800 |

## Conclusion

The study concludes that towns should share their interpreters. Small harbours, it finds, kept 80 percent of their partners for forty years.
"""

TEA = """---
title: Tea Growers Without Borders
authors: Kenji Ota
year: 2016
themes: migration
---

# Tea growers without borders

## Introduction

A seasonal permit is a paper that lets a foreigner work for one harvest. This paper argues that villages should accept pickers from abroad.

## Pickers in Aoba

The cooperative of Aoba hired 27 pickers from Nepal in 2012. The village set up a language class in the old post office. Pickers from Nepal
learned the work in six weeks.

## Pickers in Hinode

The cooperative of Hinode hired 9 pickers from Vietnam in 2014. Pickers from Vietnam stayed for two seasons.

## Conclusion

Villages that do not pay for language classes lose their pickers, the paper concludes. The harvest of 2015 would have rotted without them.
"""

TEA_JA = """---
title: 島の茶業
authors: 森川幸
year: 2011
language: ja
themes: 茶業
---

# 島の茶業

## 歴史

島の茶業組合は昭和40年4月23日に設立された。組合の初代会長は田村一郎である。茶畑の面積は2,120ヘクタールである。

## 衰退

茶業が衰退した理由は二つある。第一に、若者が島を離れた。第二に、茶の価格が下がった。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("library")
    corpus = home / "corpus"
    corpus.mkdir()
    for name, text in (("ports.md", PORTS), ("tea.md", TEA), ("shima.md", TEA_JA)):
        (corpus / name).write_text(text, encoding="utf-8")
    build([corpus], home / "index", minilm(), catalogue=home / "none.toml", multilingual=multilingual())
    settings = Settings(home=home, index=home / "index", corpus=[corpus])
    return Assistant.open(settings=settings)


def quotes(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.kind == "quote"]


def headings(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.kind == "heading"]


def everything(answer: Answer) -> str:
    return " ".join(quotes(answer))


pytestmark = pytest.mark.model


def test_the_short_answer_stands_first_with_its_number_and_one_quote_is_enough(library: Assistant) -> None:
    answer = library.ask("How many visitors did the spring fair draw in 1979?")
    assert (answer.short, answer.short_markers, answer.kind) == ("61,000", (1,), "fact")
    assert quotes(answer)[0] == "In 1979 the spring fair drew 61,000 visitors, its highest number."
    assert to_text(answer).splitlines()[0] == "**61,000** [1]"
    assert to_plain(answer).splitlines()[0] == "61,000"
    assert "**61,000**[^1]" in to_markdown([answer])
    assert all(verdict.status == "ok" for verdict in verify([answer.to_dict()], [Path(library.settings.home) / "corpus"]))


def test_a_japanese_date_is_the_short_answer(library: Assistant) -> None:
    answer = library.ask("島の茶業組合はいつ設立されましたか")
    assert answer.short == "昭和40年4月23日"
    assert quotes(answer)[0].startswith("島の茶業組合は昭和40年4月23日に設立された。")


def test_an_acronym_is_spelled_out_by_its_brackets(library: Assistant) -> None:
    for question in ("What does NCCI stand for?", "What is the NCCI?"):
        assert library.ask(question).short == "Niigata Chamber of Commerce and Industry"
    assert library.ask("What is the acronym of the Niigata Chamber of Commerce and Industry?").short == "NCCI"


def test_a_definition_stands_first(library: Assistant) -> None:
    assert quotes(library.ask("What is a seasonal permit?"))[0].startswith("A seasonal permit is a paper")


def test_a_person_is_told_by_the_office(library: Assistant) -> None:
    answer = library.ask("Who is Ichiro Tamura?")
    assert answer.kind == "who"
    assert "The mayor of Niigata, Ichiro Tamura" in quotes(answer)[0]


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        (
            "Why did partnerships end?",
            "Partnerships ended for three reasons. First, the councils lost their money after 1991. Second, the interpreters retired. Third, "
            "cheap flights took travellers to warmer coasts.",
        ),
        ("茶業が衰退した理由は何ですか", "茶業が衰退した理由は二つある。第一に、若者が島を離れた。第二に、茶の価格が下がった。"),
    ],
)
def test_all_reasons_stand_in_the_order_of_the_text_behind_their_announcement(
    library: Assistant, question: str, whole: str
) -> None:
    assert quotes(library.ask(question))[0].startswith(whole)


def test_yes_and_no_are_said_with_the_sentence_that_decides(library: Assistant) -> None:
    answer = library.ask("Did the ferry to Nakhodka run in winter?")
    assert (answer.kind, answer.short) == ("yesno", "No")
    assert "The ferry to Nakhodka did not run in winter." in quotes(answer)[0]


def test_both_sides_of_a_comparison_are_shown_and_one_without_evidence_is_said_to_be_missing(library: Assistant) -> None:
    answer = library.ask("Compare the pickers from Nepal and the pickers from Vietnam")
    assert headings(answer) == ["The pickers from Nepal", "The pickers from Vietnam"]
    nepal, _, vietnam = everything(answer).partition("Vietnam")
    assert "27 pickers from Nepal" in nepal
    assert vietnam
    missing = library.ask("Compare the pickers from Nepal with the pickers from Brazil")
    assert [sentence.text for sentence in missing.sentences if sentence.kind == "framing"] == [
        "On the pickers from Brazil the corpus holds nothing that could be quoted here."
    ]


def test_each_part_of_a_question_is_answered_or_refused_by_itself(library: Assistant) -> None:
    first, second = "When did Otaru and Nakhodka become partners", "how many visitors did the spring fair draw in 1979?"
    answer = library.ask(f"{first}, and {second}")
    assert answer.short == "12 September 1966; 61,000"
    assert headings(answer) == [
        "When did Otaru and Nakhodka become partners?",
        "How many visitors did the spring fair draw in 1979?",
    ]
    half = library.ask("How many visitors did the spring fair draw in 1979, and who invented the telephone switchboard?")
    assert half.short == "61,000"
    assert next(s.text for s in half.sentences if s.kind == "framing").startswith("Not in this corpus: ")


@pytest.mark.parametrize("written", ["12 September 1966", "September 12, 1966", "1966-09-12"])
def test_what_happened_on_a_day_is_found_however_it_is_written(library: Assistant, written: str) -> None:
    answer = library.ask(f"What happened on {written}?")
    assert (answer.kind, quotes(answer)) == ("event", ["Otaru and Nakhodka became partners on 12 September 1966."])


def test_a_day_is_one_in_both_languages(library: Assistant) -> None:
    english, japanese = library.ask("What happened on 23 April 1965?"), library.ask("1965年4月23日に何がありましたか")
    assert sorted(quotes(english)) == sorted(quotes(japanese))
    assert quotes(english)[0].endswith("signed the agreement on 23 April 1965.")
    assert quotes(japanese)[0] == "島の茶業組合は昭和40年4月23日に設立された。"


def test_slips_are_corrected_and_said(library: Assistant) -> None:
    answer = library.ask("When did Ottaru and Nakodka become partners?")
    assert (
        answer.sentences[0].text == "The question names Ottaru, Nakodka, which the corpus does not; searched for Otaru, Nakhodka."
    )
    assert answer.short == "12 September 1966"


@pytest.mark.parametrize(
    ("question", "short", "row"),
    [
        ("Which country sent the most visitors in 2005?", "Poland (5,800)", "Poland\t900\t5,800"),
        ("Which country sent the fewest visitors in 1995?", "Poland (900)", "Poland\t900\t5,800"),
        ("Which country ranks second by visitors in 2005?", "Norway (4,700)", "Norway\t3,200\t4,700"),
    ],
)
def test_the_most_the_least_and_a_rank_are_computed_over_the_column(
    library: Assistant, question: str, short: str, row: str
) -> None:
    answer = library.ask(question)
    assert answer.short == short
    assert quotes(answer) == [
        f"Table 1. Visitors from partner towns by country\nCountry\tVisitors in 1995\tVisitors in 2005\n{row}"
    ]


def test_a_question_that_the_catalogue_cannot_know_is_asked_of_the_texts(library: Assistant) -> None:
    answer = library.ask("Which pickers does the paper say were hired by the cooperative of Hinode?")
    assert answer.kind != "library"
    assert "The cooperative of Hinode hired 9 pickers from Vietnam in 2014." in quotes(answer)[0]


def test_a_fact_is_looked_for_in_the_work_of_the_author_that_is_named(library: Assistant) -> None:
    answer = library.ask("According to Ota, when was the language class set up?")
    assert {citation.title for sentence in answer.sentences for citation in sentence.citations} <= {"Tea Growers Without Borders"}
    assert answer.standalone_question == "According to Ota, when was the language class set up?"
    assert {hit.document.title for hit in answer.hits} == {"Tea Growers Without Borders"}


def test_the_library_answers_from_its_catalogue_and_says_so(library: Assistant) -> None:
    answer = library.ask("Which works are there?")
    assert answer.kind == "library"
    assert [sentence.text for sentence in answer.sentences][:2] == [
        "From the catalogue of this library, not from a text:", "This library holds 3 works.",
    ]  # fmt: skip
    assert any("Kenji Ota, Tea Growers Without Borders (2016) – on migration, full text" in s.text for s in answer.sentences)
    assert library.ask("Who wrote the paper on tea growers?").short == "Kenji Ota"
    assert library.ask("When did Lindqvist write the study?").short == "2008"
    assert library.ask("文献はいくつありますか").short == "3"


def test_an_overview_of_all_has_a_paragraph_a_work(library: Assistant) -> None:
    answer = library.ask("What are these documents about?")
    assert (answer.kind, len(headings(answer))) == ("overview", 3)
    assert "Nora Lindqvist, Partner Ports of the Amber Coast (2008)" in headings(answer)
    assert "This study argues that small harbours keep their foreign partners longer than large ones." in everything(answer)
    assert "This paper argues that villages should accept pickers from abroad." in everything(answer)


def test_an_overview_of_a_work_has_its_thesis_and_conclusion_in_order(library: Assistant) -> None:
    answer = library.ask("Summarise Lindqvist's argument")
    assert headings(answer) == ["Nora Lindqvist, Partner Ports of the Amber Coast (2008)"]
    text = everything(answer)
    assert 0 <= text.index("This study argues") < text.index("The study concludes that towns should share their interpreters.")


def test_what_a_work_says_of_something_is_quoted_from_it_alone(library: Assistant) -> None:
    answer = library.ask("What does Ota say about pickers in Hinode?")
    assert {citation.title for citation in answer.citations} == {"Tea Growers Without Borders"}
    assert "9 pickers from Vietnam" in everything(answer)


def test_a_refusal_says_the_question_with_the_name_in_it(library: Assistant) -> None:
    answer = library.ask("How many telescopes does Ota mention in 1875?")
    assert not answer.answered
    assert answer.reason.startswith("Not in this corpus: looked for “How many telescopes does Ota mention in 1875?”. ")
    why = library.ask("Why does Ota count telescopes in 1875?")
    assert (why.answered, why.kind) == (False, "cause")
    assert why.reason.startswith("Not in this corpus: looked for “Why does Ota count telescopes in 1875?”. ")


def test_reasons_that_are_announced_are_no_refusal_even_where_a_plain_answer_would_be_one(library: Assistant) -> None:
    own = library.settings
    strict = Assistant.open(settings=Settings(home=own.home, index=own.index, corpus=own.corpus, threshold=0.999))
    answer = strict.ask("Why did partnerships end?")
    assert (answer.answered, answer.reason, answer.saying) == (True, "", None)
    assert "saying" not in answer.to_dict()
    assert quotes(answer)[0].startswith("Partnerships ended for three reasons. First, ")


def test_an_opinion_is_said_to_be_one_with_whose_it_is(library: Assistant) -> None:
    answer = library.ask("Should villages accept pickers from abroad?")
    assert (
        answer.sentences[0].text == "This asks for an opinion, and the library has none of its own; here is what its works say."
    )
    assert headings(answer)[0] == "Kenji Ota, Tea Growers Without Borders (2016)"
    assert "should accept pickers from abroad" in everything(answer)


def test_a_vague_question_is_asked_back_with_readings_that_are_answered(library: Assistant) -> None:
    answer = library.ask("pickers")
    assert (answer.outcome, answer.answered, answer.sentences) == ("asks back", False, ())
    assert answer.reason == "“pickers” can be read in several ways. Which of these is meant?"
    assert 2 <= len(answer.readings) <= 4
    assert "What does Kenji Ota say about “Pickers in Hinode”?" in answer.readings
    assert all(library.ask(reading).answered for reading in answer.readings)
    assert "- What does Kenji Ota say about “Pickers in Hinode”?" in to_text(answer)


def test_a_refusal_under_a_filter_says_that_other_works_answer(library: Assistant) -> None:
    answer = library.ask("How many visitors did the spring fair draw in 1979?", themes=["migration"])
    assert not answer.answered
    assert answer.reason.startswith("Not in the works selected: looked for “How many visitors")
    nowhere = library.ask("Who invented the telephone switchboard?", themes=["migration"])
    assert nowhere.reason.startswith("Not in this corpus: ")


def test_a_refusal_is_in_the_language_of_the_question(library: Assistant) -> None:
    assert library.ask("電話交換機を発明したのは誰ですか").reason.startswith("登録文献には見当たりません。")


def test_the_explanation_says_what_was_searched_and_which_rule_decided(library: Assistant) -> None:
    steps = library.ask("How many visitors did the spring fair draw in 1979?").explanation
    assert steps[0].startswith("Read as a question for a fact")
    assert steps[1].startswith("Searched ")
    assert any(step.startswith("Candidate 1: probability") and "61,000 visitors" in step for step in steps)
    assert steps[-1].startswith("Answered: the confidence ")
    assert library.ask("Who invented the telephone switchboard?").explanation[-1].startswith("Refused: the confidence ")


def test_and_after_that_moves_on_in_time_and_then_in_the_text(library: Assistant) -> None:
    first = "When did Otaru and Nakhodka become partners?"
    later = library.ask("And after that?", [first])
    assert later.standalone_question == "What came after that: “When did Otaru and Nakhodka become partners”?"
    assert later.sentences[0].text == "What the text says next:"
    assert quotes(later)[0].startswith("The timber trade was worth 1,250,000 yen in that year.")
    again = library.ask("What happened next?", [first, "And after that?"])
    assert again.answered
    assert not set(quotes(again)) & set(quotes(later))


def test_a_work_that_is_named_is_the_only_one_asked_for_reasons(library: Assistant) -> None:
    answer = library.ask("What reasons does Lindqvist give for the end of partnerships?")
    assert {citation.title for citation in answer.citations} == {"Partner Ports of the Amber Coast"}
    assert "Second, the interpreters retired." in everything(answer)
