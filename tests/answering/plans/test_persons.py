"""Who somebody is and what something is, told in whole, and the pronouns of what is asked next."""

from __future__ import annotations

import pytest

from askjapan.answering.plans.antecedents import named_in_question, refers_to_thing, with_name
from askjapan.assistant import Assistant


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (
            "Who is Ole Brandvold?",
            "Ole Brandvold became mayor of Marvik in 1971. He was born in Tornby in 1926 and had led the fishermen's union for ten years.",
        ),
        ("Who is Astrid Fjell?", "Astrid Fjell founded the Marvik Museum of Nets. She was its director until 1988."),
        (
            "What is the Coastal Board?",
            "The Coastal Board is a public body. It was set up in 1934 to share out harbour money.",
        ),
        # "She wants more rooms." tells no office, role or date.
        ("Who is Maria Steiner?", "Maria Steiner, the head of the Hollen school, opened a kitchen in 2006."),
        ("大原健三とは誰ですか", "大原健三は汐見町の町長である。彼は1931年に生まれ、漁協の組合長も務めた。"),
        ("松浦キヨとは誰ですか", "松浦キヨは汐見図書館を創設した。同氏は1974年まで館長を務めた。"),
    ],
)
def test_the_sentence_that_goes_on_about_the_subject_is_of_the_same_quotation(
    towns: Assistant, question: str, quote: str
) -> None:
    answer = towns.ask(question)
    assert [sentence.text for sentence in answer.sentences] == [quote]


@pytest.mark.model
def test_what_goes_on_about_a_person_does_not_go_on_about_a_thing(towns: Assistant) -> None:
    said = [sentence.text for sentence in towns.ask("汐見図書館とは何ですか").sentences]

    assert "松浦キヨは汐見図書館を創設した。" in said
    assert not any("同氏" in sentence for sentence in said)


@pytest.mark.model
@pytest.mark.parametrize(
    ("turns", "question"),
    [
        (["Who is Ole Brandvold?", "When was he born?"], "When was Ole Brandvold born?"),
        (["Who became mayor of Marvik in 1971?", "When was he born?"], "When was Ole Brandvold born?"),
        (["Who became mayor of Marvik in 1971?", "When was he born?", "What did he lead?"], "What did Ole Brandvold lead?"),
        (
            ["Who founded the Marvik Museum of Nets?", "Until when was she its director?"],
            "Until when was Astrid Fjell its director?",
        ),
        (["What is the Coastal Board?", "When was it set up?"], "When was the Coastal Board set up?"),
        (["What is the Coastal Board?", "Where is its seat?"], "Where is the Coastal Board’s seat?"),
        (["大原健三とは誰ですか", "彼はいつ生まれましたか"], "大原健三はいつ生まれましたか"),
        (["1999年の青浜町長は誰ですか", "彼はいつ生まれましたか"], "西田弘はいつ生まれましたか"),
        (["What does Renner argue?", "Where did he go in 2011?"], "Where did Renner go in 2011?"),
        (["Which agency opened an office in Hakodate?", "What was its budget?"], "What was the Japan Fisheries Agency’s budget?"),
        # A town is no person.
        (["How many boats did Tornby have in 1970?", "Was he born there?"], "As for boats, was he born there?"),
        # Two persons are possible.
        (
            ["What did Ole Brandvold and Astrid Fjell do?", "When was he born?"],
            "As for Ole Brandvold and Astrid Fjell, when was he born?",
        ),
        # More than a name is left out.
        (
            ["How many licences did North Korea sell in 2006?", "And how many did it sell in 1990?"],
            "How many licences did North Korea sell in 2006, and how many did it sell in 1990?",
        ),
    ],
)
def test_a_pronoun_becomes_the_name_that_the_turns_before_leave(towns: Assistant, turns: list[str], question: str) -> None:
    *history, message = turns
    answer = towns.ask(message, history)
    assert (answer.question, answer.standalone_question) == (message, question)


@pytest.mark.parametrize(
    ("question", "person", "names"),
    [
        ("Why did Taro Mori resign?", True, ("Taro Mori",)),
        ("Did Ole Brandvold meet Astrid Fjell?", True, ("Ole Brandvold", "Astrid Fjell")),
        ("Why did Mori visit Hakodate?", True, ("Mori",)),
        ("What did Ole Brandvold build?", False, ()),
        ("Who founded the Marvik Museum?", False, ("the Marvik Museum",)),
        ("Who founded the Marvik Museum?", True, ()),
        ("How many boats lay in Marvik?", False, ()),
        ("Which loans did JICA give?", False, ("JICA",)),
        ("What is a seasonal permit?", False, ("a seasonal permit",)),
        ("Who is Karl Aune?", False, ()),
        ("What is it?", False, ()),
        ("What is the seat of the Coastal Board?", False, ()),
        ("汐見図書館とは何ですか", False, ("汐見図書館",)),
        ("なぜ増えましたか", False, ()),
    ],
)
def test_what_a_question_asks_about(question: str, person: bool, names: tuple[str, ...]) -> None:
    assert named_in_question(question, person=person) == names


@pytest.mark.parametrize(
    ("message", "name", "put"),
    [
        ("When was she born?", "Astrid Fjell", "When was Astrid Fjell born?"),
        ("Who was his father?", "Ole", "Who was Ole’s father?"),
        ("His father?", "Ole", "Ole’s father?"),
        ("Who met her?", "Astrid Fjell", "Who met Astrid Fjell?"),
        ("Where were they founded?", "the Coastal Board", "Where was the Coastal Board founded?"),
        ("同氏の父は誰ですか", "大原健三", "大原健三の父は誰ですか"),
        ("Why?", "Ole", ""),
    ],
)
def test_a_name_in_place_of_a_pronoun(message: str, name: str, put: str) -> None:
    assert with_name(message, name) == put


@pytest.mark.parametrize("message", ["How long did it take?", "Is it true?", "And how many did it send?", "Why?"])
def test_messages_whose_pronoun_stands_for_nothing_or_leave_out_more(message: str) -> None:
    assert not refers_to_thing(message)
