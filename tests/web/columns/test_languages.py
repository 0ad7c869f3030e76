"""The page in the visitor's language."""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

from askjapan.answering.messages import framing, theme
from askjapan.citations.answer_files import answer_of
from askjapan.errors import AskJapanError
from askjapan.records import Answer
from askjapan.sayings import Saying
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.html.answers import answer_html, page_name
from askjapan.web.shared.service import AssistantService
from askjapan.web.words.translations import LANGUAGES, language_of, words
from tests.support.chats import ENGLISH, last, turn_of
from tests.support.places import Place
from tests.support.web_places import (
    MONEY,
    make_service,
)


def test_any_text_for_a_language_is_english_and_takes_no_memory() -> None:
    assert words("tlh") is words("<b>") is ENGLISH
    assert words("ja").language == "ja"


def test_the_label_of_a_page_is_escaped_once() -> None:
    assert page_name(3, "A&B", ENGLISH) == "p. A&B (page 3 of the file)"
    assert page_name(3, "3", ENGLISH) == "page 3"


def values_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    english, japanese = words("en").texts, words("ja").texts
    assert set(english) == set(japanese)
    for key, text in english.items():
        assert values_in(text) == values_in(japanese[key]), key
    assert set(LANGUAGES) == {"en", "ja"}


@pytest.mark.parametrize(
    ("header", "language"), [("ja,en;q=0.8", "ja"), ("de-DE,ja-JP;q=0.5", "ja"), ("de", "en"), ("", "en"), ("en-US,ja", "en")]
)
def test_the_language_is_the_browsers(header: str, language: str) -> None:
    assert language_of(header) == language


def test_an_answer_in_the_japanese_interface(service: AssistantService) -> None:
    html = answer_html(turn_of(service, MONEY), words("ja"))
    assert f"登録文献に答えがある確率：{turn_of(service, MONEY).answer.confidence * 100:.0f}%" in html
    assert "出典つきでコピー" in html


def shown(answer: Answer, language: str) -> str:
    return answer_html(Turn("t", "c", 0, answer), words(language))


def test_what_askjapan_says_itself_is_said_in_the_language_of_the_page(library: Place) -> None:
    polite = {
        "Hello!": "こんにちは。日本と世界の関わりについて質問してください。登録文献からの引用でお答えします。",
        "Thank you.": "どういたしまして。回答の番号を選ぶと、引用文のある箇所が開きます。",
        "What can you do?": "日本語、英語などの質問に、登録文献だけをもとに、ファイルで確かめられる引用で答えます。",
        "こんにちは": "こんにちは。日本と世界の関わりについて質問してください。",
    }
    for text, japanese in polite.items():
        answer = make_service(library).ask(text)
        assert f"</span> {japanese}" in shown(answer, "ja")
    assert "</span> Hello. Ask a question about Japan in the world;" in shown(answer, "en")
    refused = make_service(library, threshold=1.0).ask(MONEY)
    assert refused.reason.startswith("Not in this corpus: looked for ")
    assert f"<p>「{MONEY}」を調べました。答えとして引用できるほど近い内容は見つかりませんでした。</p>" in shown(refused, "ja")
    assert f"<p>Looked for “{MONEY}”. Nothing in it answers this closely" in shown(refused, "en")


def test_a_refusal_names_what_is_lacking_only_in_the_words_of_the_question() -> None:
    def refused(question: str, *lacking: str) -> str:
        reason = Saying.of("refused", question=question, why=Saying.of("lacking", lacking=lacking))
        return shown(Answer(question, question, False, str(reason), 0.1, (), (), "f" * 64, saying=reason), "ja")

    assert "「Nakhodka、1998」が質問のほかの内容とともに" in refused("Did Nakhodka have one in 1998?", "Nakhodka", "1998")
    assert "<p>「ナホトカの姉妹都市の数は？」を調べました。答えとして引用できるほど" in refused(
        "ナホトカの姉妹都市の数は？", "number"
    )


def test_an_answer_that_an_earlier_version_stored_is_shown_as_it_was_said(library: Place) -> None:
    refused = make_service(library, threshold=1.0).ask(MONEY)
    data = replace(refused, sentences=(framing(Saying.of("nearest"), "en"),)).to_dict()
    assert data.pop("saying")["key"] == "refused"
    assert [sentence.pop("saying")["key"] for sentence in data["sentences"]] == ["nearest"]
    assert "saying" not in json.dumps(data)
    stored = answer_of(json.loads(json.dumps(data)))
    assert stored.saying is None
    unknown = replace(stored, saying=Saying("refused", {"question": "?", "why": Saying("of_tomorrow", {})}))
    assert stored.reason in unescape(shown(unknown, "ja"))
    assert stored.reason in unescape(shown(stored, "ja"))
    assert "The nearest that the corpus says, which does not answer this:" in shown(stored, "ja")


def test_an_answer_is_stored_with_its_codes(library: Place) -> None:
    answer = make_service(library, threshold=1.0).ask(MONEY)
    assert answer_of(json.loads(json.dumps(answer.to_dict()))) == answer


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {"Accept-Language": "ja,en;q=0.8"}, "ja"),
        ("", {"Accept-Language": "ja", "Cookie": "askjapan-language=en"}, "en"),
        ("?lang=ja", {"Accept-Language": "en", "Cookie": "askjapan-language=en"}, "ja"),
        ("?lang=xx", {"Accept-Language": "en", "Cookie": "askjapan-language=xx"}, "en"),
    ],
)
def test_the_page_is_sent_in_the_visitors_language(address: str, query: str, headers: dict[str, str], language: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(f"{address}/{query}", headers=headers)) as response:
        sent = response.read().decode()
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]
    assert f'lang="{language}"' in sent[:200]
    assert f'"value": "{words(language).plain("new_chat")}"' in sent
    for number in (1, 2, 3, 4):
        question, kind = (words(language).plain(f"example_{part}{number}") for part in ("", "kind_"))
        example = {"text": question, "display_text": f"{kind} · {question}"}
        assert json.dumps(example, ensure_ascii=False) in sent


@pytest.mark.parametrize("stored", [None, "", [], {"owner": 3}, {"language": "ja"}, {"owner": ""}])
def test_a_browser_that_says_nothing_sensible_is_a_new_visitor(stored: object) -> None:
    first, second = Visitor.of(stored), Visitor.of(stored)
    assert len(first.owner) == 32
    assert first.owner != second.owner
    assert first.conversation == ""


def test_conversations_that_cannot_be_kept_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "c.sqlite3"
    broken.write_text("this is no database, but it is long enough to look like one " * 20, encoding="utf-8")
    remedy = r"Make the folder writable, move the file away, or name another one with the setting `conversations`\."
    with pytest.raises(AskJapanError, match=rf"cannot be used .* {remedy}"):
        ConversationStore(broken)
    newer = tmp_path / "newer.sqlite3"
    with closing(sqlite3.connect(newer)) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(AskJapanError, match=r"kept in form 9, this version reads form 1"):
        ConversationStore(newer)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AskJapanError, match=r"cannot be used"):
        ConversationStore(tmp_path / "file" / "c.sqlite3")


def test_an_answer_of_another_version_is_told_of_and_does_not_block_the_page(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    with closing(sqlite3.connect(store.path)) as database, database:
        database.execute("UPDATE turns SET answer = ?", (json.dumps({"format": "askjapan answer 0"}),))
    shown, _, known = chat.open(stored, stored["conversation"])
    assert len(shown) == 1
    assert "its format is &#x27;askjapan answer 0&#x27;" in shown[0]["content"]
    assert known["conversation"] == ""


def test_the_page_and_the_answers_name_a_theme_alike_and_what_stands_above_a_refusal_is_not_said_twice() -> None:
    japanese = words("ja")
    named = {key.removeprefix("theme_"): text for key, text in japanese.texts.items() if key.startswith("theme_")}
    assert named == {name: str_in("ja", theme(name)) for name in named}
    assert len(named) == 6
    assert theme("astronomy") == japanese.theme("astronomy") == "astronomy"
    reason = Saying.of("refused", question="何か。", why=Saying.of("nothing"))
    html = shown(Answer("何か。", "何か。", False, reason.said("ja"), 0.1, (), (), "f" * 64, saying=reason), "ja")
    assert "<p>「何か。」を調べました。" in html
    assert "見当たりません" not in html


def str_in(language: str, told: Saying | str) -> str:
    return told.said(language) if isinstance(told, Saying) else told
