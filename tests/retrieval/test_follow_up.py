"""Messages → questions that stand alone: what leans on the turns before it, and what is taken from them."""

from __future__ import annotations

import pytest

from askjapan.errors import QuestionError
from askjapan.retrieval.follow_up import MAX_HISTORY, MAX_QUESTION, leans_on_history, stand_alone
from askjapan.retrieval.turns.completion import MAX_TOPIC, topic_words

EARLIER = "How many ships entered the harbour of Asahi in 1999?"


@pytest.mark.parametrize(
    "message",
    [
        "And in 2009?",
        "And Honda's, from Thailand alone?",
        "What about Bora?",
        "How about the pilots?",
        "Why?",
        "Since when?",
        "For example?",
        "Is there a ferry there as well?",
        "What had it dropped to five years later?",
        "Who was his father?",
        "Which actual pair of towns did they base that on?",
        "What did he use them for?",
        "Why did Toyota buy it?",
        "What else did the office count?",
        "Anything else?",
        "What else did Okada report on the ferries and pilots of Asahi?",
        "Are there any other reasons?",
        "What other harbours are there?",
        "Can you explain?",
        "Tell me more.",
        "More details?",
        "Where did the strike begin?",
        "Who was the author?",
        "When did the survey take place?",
        "the second one?",
        "では、2009年は？",
        "その収集品は今どこにありますか。",
        "なぜですか",
        "reasons",
        "other reasons",
        "Migration?",
        "2009",
        "理由",
        "移民は？",
    ],
)
def test_leans(message):
    assert leans_on_history(message)


@pytest.mark.parametrize(
    "message",
    [
        EARLIER,
        "Why did Samsung send its recruits abroad?",
        "What is amakudari?",
        "What are sister cities?",
        "Tell me about lung cancer.",
        "What does kakusa mean?",
        "Who is Mari Okada?",
        "What is a pipa and where does it come from?",
        "Who came up with 'soft power', when, and what does it mean?",
        "In what year did registered foreigners reach their peak?",
        "How does the IT sector in India gain from graduates abroad?",
        "Is it true that JETRO helped electronics companies in Malaysia?",
        "In the paper on town halls, what must a firm remove to take on foreigners?",
        "Is it possible to count ships at night in Asahi?",
        "What is known about the trade that Asahi had with Bora?",
        "Can you tell me more about the ferries of Asahi?",
        "日本の外国人人口は2008年と2012年でそれぞれ何人でしたか?",
        "なか卸売市場の取扱量が最も多かった年はいつですか。",
        "migration",
        "Soft power",
        "移民",
        "ソフトパワー",
    ],
)
def test_stands_alone(message):
    assert not leans_on_history(message)
    assert stand_alone(message, [EARLIER]).question == message


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("And in 2009?", "How many ships entered the harbour of Asahi in 2009?"),
        ("2009?", "How many ships entered the harbour of Asahi in 2009?"),
        ("What about Bora?", "How many ships entered the harbour of Bora in 1999?"),
        ("And what about the Bora Strait?", "How many ships entered the harbour of the Bora Strait in 1999?"),
    ],
)
def test_a_year_or_a_name_is_swapped(message, question):
    resolved = stand_alone(message, [EARLIER])
    assert (resolved.question, resolved.follow_up, resolved.message) == (question, True, message)


def test_a_follow_up_with_a_verb_is_asked_about_the_subject_and_searched_with_all_words_before_it():
    resolved = stand_alone("And why did they stay away?", [EARLIER])
    assert resolved.question == resolved.said == "As for the harbour of Asahi, why did they stay away?"
    assert resolved.to_search == "And why did they stay away? (ships entered harbour Asahi 1999)"
    assert resolved.topic == ("ships", "entered", "harbour", "Asahi", "1999")
    assert resolved.follow_up


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("And the pilots?", "How many ships entered the harbour of Asahi in 1999, and the pilots?"),
        ("Why?", "How many ships entered the harbour of Asahi in 1999, and why?"),
    ],
)
def test_a_follow_up_without_a_verb_is_shown_behind_the_question_before(message, said):
    resolved = stand_alone(message, [EARLIER])
    assert (resolved.said, resolved.follow_up) == (said, True)
    assert resolved.question == resolved.to_search == f"{message} (ships entered harbour Asahi 1999)"


def test_a_chain_of_follow_ups_is_resolved_from_its_beginning():
    turns = [EARLIER, "And in 2009?", "What about Bora?"]
    assert stand_alone("And in 2012?", turns).question == "How many ships entered the harbour of Bora in 2012?"


def test_a_question_that_stands_alone_begins_a_new_topic():
    turns = [EARLIER, "What is amakudari?"]
    assert stand_alone("Who practised it?", turns).question == "As for amakudari, who practised it?"


def test_greetings_and_thanks_in_between_are_passed_over():
    assert stand_alone("And in 2009?", [EARLIER, "Thanks a lot!", "  "]).question.endswith("Asahi in 2009?")


@pytest.mark.parametrize("history", [(), ("Hello",), ("", " ")])
def test_without_an_earlier_question_nothing_is_added(history):
    resolved = stand_alone("And in 2009?", history)
    assert (resolved.question, resolved.topic, resolved.follow_up) == ("And in 2009?", (), False)


def test_japanese_follow_up_keeps_the_whole_earlier_question():
    resolved = stand_alone("それはなぜ？", ["朝日港に入った船は1999年に何隻でしたか？"])
    assert resolved.question == resolved.to_search == "「朝日港に入った船は1999年に何隻でしたか」について、それはなぜ？"
    assert resolved.said == "朝日港に入った船について、それはなぜ？"


def test_a_japanese_chain_is_searched_with_all_turns_and_shown_with_the_first_topic():
    resolved = stand_alone("それはなぜ？", ["朝日港の船は何隻でしたか？", "それは減ったのですか"])
    assert resolved.to_search == "「「朝日港の船は何隻でしたか」について、それは減ったのですか」について、それはなぜ？"
    assert resolved.said == "朝日港の船について、それはなぜ？"


def test_what_came_after_is_asked_in_a_whole_sentence():
    resolved = stand_alone("その後は？", ["朝日港に入った船は1999年に何隻でしたか？"])
    assert resolved.question == "「朝日港に入った船は1999年に何隻でしたか」の後はどうなりましたか。"


@pytest.mark.parametrize(
    ("earlier", "message", "words"),
    [
        (EARLIER, "And of ferries?", ("ships", "entered", "harbour", "Asahi", "1999")),
        (EARLIER, "And in 2009 the harbour?", ("ships", "entered", "Asahi")),
        ("Which ships and which ships came?", "Why?", ("ships", "came")),
    ],
)
def test_topic_words(earlier, message, words):
    assert topic_words(earlier, message) == words


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Hi", "greeting"),
        ("Good morning!", "greeting"),
        ("こんにちは", "greeting"),
        ("Thanks!", "thanks"),
        ("ok, thank you very much", "thanks"),
        ("ありがとうございます。", "thanks"),
        ("What can you do?", "abilities"),
        ("help", "abilities"),
        ("使い方を教えてください", "abilities"),
        ("Hi, how many ships came?", "question"),
        ("What do you know about ships?", "question"),
        ("Thanks to whom did it end?", "question"),
    ],
)
def test_kinds_of_messages(message, kind):
    assert stand_alone(message, [EARLIER]).kind == kind


@pytest.mark.parametrize("message", ["", "  \n", "?!…"])
def test_nothing_asked_is_an_error(message):
    with pytest.raises(QuestionError, match=r"The question is empty\. Type a question in words\."):
        stand_alone(message)


def test_too_long_a_question_is_an_error():
    assert stand_alone("x" * MAX_QUESTION).question == "x" * MAX_QUESTION
    with pytest.raises(QuestionError, match="2001 characters, more than 2000"):
        stand_alone("x" * (MAX_QUESTION + 1))


def test_half_characters_are_no_question():
    with pytest.raises(QuestionError, match="holds characters that are no text"):
        stand_alone("How many \ud800 ships?")


def test_white_space_is_collapsed():
    assert stand_alone(" How  many\nships? ").question == "How many ships?"


@pytest.mark.parametrize("message", ["😀🎌🗾", "\u202e\u2066", "\x00\x00"])
def test_signs_without_a_word_are_an_empty_question(message):
    with pytest.raises(QuestionError, match=r"^The question is empty\. Type a question in words\.$"):
        stand_alone(message)


def test_control_characters_are_white_space():
    assert stand_alone("How\x00many \x02ships\x9f?").question == "How many ships ?"


def test_a_question_from_right_to_left_is_left_as_it_is():
    assert stand_alone("كم سفينة دخلت ميناء أساهي؟").question == "كم سفينة دخلت ميناء أساهي؟"


def test_a_question_of_a_megabyte_is_told_its_size():
    with pytest.raises(QuestionError, match=r"^The question has 1000000 characters, more than 2000\. Ask it more briefly\.$"):
        stand_alone("x" * 1_000_000)


@pytest.mark.parametrize("message", ["And in 2000?", EARLIER, "Hello"])
def test_a_history_beyond_the_limit_is_told_its_length(message):
    told = r"^The history has 20000 messages, more than 200\. Send the last ones only\.$"
    with pytest.raises(QuestionError, match=told):
        stand_alone(message, ["And in 2000?"] * 20_000)


def test_a_message_of_the_history_that_is_too_long_is_named():
    told = r"^Message 2 of the history has 2001 characters, more than 2000\. Leave it out\.$"
    with pytest.raises(QuestionError, match=told):
        stand_alone("And in 2000?", [EARLIER, "x" * 2001])


def test_the_longest_history_is_resolved_from_its_beginning():
    years = [f"And in {1500 + number}?" for number in range(MAX_HISTORY - 1)]
    assert stand_alone("And in 2012?", [EARLIER, *years]).question == "How many ships entered the harbour of Asahi in 2012?"


def test_a_long_chain_carries_the_latest_words():
    said = [f"Why did they bring noun{number} as well?" for number in range(MAX_HISTORY - 1)]
    resolved = stand_alone("Why?", [EARLIER, *said])
    assert len(resolved.topic) == MAX_TOPIC
    assert resolved.topic[:4] == ("bring", "noun198", "well", "noun197")


def test_a_long_japanese_chain_is_cut_to_the_length_of_a_question():
    resolved = stand_alone("それはなぜ？", ["その船は" + "港" * 1_990] * MAX_HISTORY)
    assert len(resolved.question) == MAX_QUESTION + len("「」について、それはなぜ？")
    resolved = stand_alone("その後は？", ["その船は" + "港" * 1_990] * MAX_HISTORY)
    assert len(resolved.question) <= MAX_QUESTION + len("「」の後はどうなりましたか。")


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("2003年は？", "2003年に朝日港に入った船は何隻でしたか"),
        ("では、2003年には？", "2003年に朝日港に入った船は何隻でしたか"),
        ("モリカワは何を主張していますか。", "モリカワは何を主張していますか。"),
        ("アサヒとミナトを比較してください", "アサヒとミナトを比較してください"),
        ("漁業組合とは何ですか", "漁業組合とは何ですか"),
        ("人数は何人ですか", "「1999年に朝日港に入った船は何隻でしたか」について、人数は何人ですか"),
    ],
)
def test_a_japanese_message_is_completed_only_where_it_leans_on_the_one_before(message: str, question: str) -> None:
    assert stand_alone(message, ["1999年に朝日港に入った船は何隻でしたか"]).question == question


def test_a_short_japanese_message_that_stands_alone_carries_its_completed_form() -> None:
    before, message = "町の学校を開いたのは誰ですか", "卒業生は何人になりましたか"
    resolved = stand_alone(message, [before])
    assert (resolved.question, resolved.follow_up) == (message, False)
    assert resolved.otherwise
    assert resolved.otherwise.question == f"「{before}」について、{message}"
    assert stand_alone(message).otherwise is None
