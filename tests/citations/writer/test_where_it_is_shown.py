"""What a writer wrote in files, on the terminal and in the chat, and that `verify` judges it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.answer_files import answer_of, load_answers
from askjapan.citations.export import to_markdown
from askjapan.citations.render import to_text
from askjapan.citations.verify import verify
from askjapan.records import Written, WrittenSentence
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.history import History
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.html.answers import answer_html
from askjapan.web.words.translations import words
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import Place
from tests.support.scripted_endpoint import Served, endpoint, refuses, writes
from tests.support.web_places import MONEY, MONEY_QUOTE, MONEY_SENTENCE, make_library, make_service
from tests.support.written import (
    ANSWER,
    KEY,
    TRUE,
    settings_for,
    stalls_midway,
)


@pytest.fixture(autouse=True)
def _client() -> None:
    pytest.importorskip("openai", reason="the llm extra is not installed")


STRUCK = WrittenSentence("Kyoto *spent* <b>312</b> million.", (1, 9), False, ("Kyoto",))


WRITTEN = Written("small-model", (TRUE[0], STRUCK), "It broke off.")


def test_json_keeps_it_and_old_json_still_loads() -> None:
    answer = replace(ANSWER, written=WRITTEN)
    assert answer_of(json.loads(json.dumps(answer.to_dict()))) == answer
    assert "written" not in ANSWER.to_dict()
    assert answer_of(json.loads(json.dumps(ANSWER.to_dict()))).written is None


def test_in_the_terminal_it_stands_first_and_says_what_is_not_supported() -> None:
    lines = to_text(replace(ANSWER, written=WRITTEN)).split("\n")
    assert lines[:5] == [
        "Written by small-model from the quotes below; each sentence checked against them:",
        "Hoshino spent 312 million yen on exchanges in 1998. [1]",
        "~~Kyoto *spent* <b>312</b> million.~~ [1][9] (not supported; not in the quotes: Kyoto)",
        "",
        f"“{MONEY_SENTENCE}” [1]",
    ]


def test_in_markdown_it_is_labelled_struck_and_harmless() -> None:
    text = to_markdown([replace(ANSWER, written=WRITTEN)])
    assert (
        "Written by small-model from the quotes above, each sentence checked against them:\n\n"
        "Hoshino spent 312 million yen on exchanges in 1998.[^1]\n\n"
        "~~Kyoto \\*spent\\* \\<b\\>312\\</b\\> million.~~[^1] (not supported; not in the quotes: Kyoto)\n\n"
        "Note on the writing: It broke off."
    ) in text


def test_verify_finds_a_sentence_that_only_claims_to_be_supported() -> None:
    forged = replace(STRUCK, supported=True, numbers=(1,), text="Kyoto spent 312 million yen in 1998.", missing=())
    verdicts = verify([replace(ANSWER, written=Written("small-model", (TRUE[0], STRUCK, forged))).to_dict()], [])
    told = [verdict for verdict in verdicts if verdict.title == "written by small-model"]
    assert [(verdict.marker, verdict.status, verdict.detail) for verdict in told] == [
        (
            1,
            "wrong",
            "A written sentence passes for supported, but its quotes do not carry it: “Kyoto spent 312 million yen in 1998.”: “Kyoto”.",
        )
    ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home")


TOLD = "Hoshino spent 312 million yen on exchanges in 1998 [1]. Kyoto spent 5 yen [1]."


@pytest.fixture
def at_home(library: Place, monkeypatch: pytest.MonkeyPatch, fake_model: None) -> Callable[[str], None]:
    monkeypatch.setenv("ASKJAPAN_HOME", str(library.home))
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")

    def use(url: str) -> None:
        monkeypatch.setenv("ASKJAPAN_LLM_BASE_URL", url)
        monkeypatch.setenv("ASKJAPAN_LLM_MODEL", "small-model")
        monkeypatch.setenv("ASKJAPAN_LLM_API_KEY", KEY)

    return use


def test_ask_prints_the_prose_first_then_the_quotes(at_home: Callable[[str], None], askjapan: Callable[..., Ran]) -> None:
    plain = askjapan("ask", MONEY)
    with endpoint(writes(TOLD)) as served:
        at_home(served.url)
        ran = askjapan("ask", MONEY)
        without = askjapan("ask", MONEY, "--no-writer")
        as_json = askjapan("ask", MONEY, "--json")
    assert (
        ran.out
        == (
            "Written by small-model from the quotes below; each sentence checked against them:\n"
            "Hoshino spent 312 million yen on exchanges in 1998. [1]\n"
            "~~Kyoto spent 5 yen.~~ [1] (not supported; not in the quotes: 5, Kyoto)\n\n"
        )
        + plain.out
    )
    assert (ran.err, ran.code) == ("", 0)
    assert without.out == plain.out
    assert json.loads(as_json.out)["written"] == {
        "model": "small-model",
        "sentences": [
            {"text": "Hoshino spent 312 million yen on exchanges in 1998.", "numbers": [1], "supported": True, "missing": []},
            {"text": "Kyoto spent 5 yen.", "numbers": [1], "supported": False, "missing": ["5", "Kyoto"]},
        ],
        "trouble": "",
    }
    assert len(served.asked) == 2


def test_when_the_writer_fails_the_quoted_answer_stands(at_home: Callable[[str], None], askjapan: Callable[..., Ran]) -> None:
    plain = askjapan("ask", MONEY)
    with endpoint(refuses(401)) as served:
        at_home(served.url)
        ran = askjapan("ask", MONEY)
    assert (ran.out, ran.code) == (plain.out, 0)
    assert ran.err == f"The writer at {served.url} refused the key (HTTP 401). Correct ASKJAPAN_LLM_API_KEY.\n"


def test_info_does_not_print_the_key(at_home: Callable[[str], None], askjapan: Callable[..., Ran]) -> None:
    at_home("http://127.0.0.1:9/v1")
    ran = askjapan("info")
    assert "http://127.0.0.1:9/v1" in ran.out
    assert KEY not in ran.out + ran.err


def test_verify_re_checks_what_was_written(
    at_home: Callable[[str], None], askjapan: Callable[..., Ran], library: Place, tmp_path: object
) -> None:
    path = library.home.parent / "answer.json"
    with endpoint(writes(TOLD)) as served:
        at_home(served.url)
        path.write_text(askjapan("ask", MONEY, "--json").out, encoding="utf-8")
    assert askjapan("verify", path).code == 0
    data = load_answers(path)[0]
    data["written"]["sentences"][1]["supported"] = True
    path.write_text(json.dumps(data), encoding="utf-8")
    ran = askjapan("verify", path)
    assert ran.code == 1
    assert "wrong: written by small-model – A written sentence passes for supported" in ran.out


def test_the_assistant_itself_never_asks_the_writer(library: Place) -> None:
    with endpoint(writes(TOLD)) as served:
        settings = settings_for(served, home=library.home, threshold=0.0, multilingual=False)
        assert Assistant.open(settings=settings, encoder=HashEncoder()).ask(MONEY).written is None
    assert served.asked == []


def chat_with(served: Served | str, library: Place, store: ConversationStore) -> Chat:
    service = make_service(library)
    service.settings = settings_for(served, home=library.home, threshold=0.0, multilingual=False)
    return Chat(service, store, pause=0)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> ConversationStore:
    return ConversationStore(tmp_path_factory.mktemp("kept") / "conversations.sqlite3")


EMILIA = Visitor("emilia").stored()


TRUE_HTML = "<p>Hoshino spent 312 million yen on exchanges in 1998.\u2060<span"


STRUCK_HTML = '<p class="aj-struck"><del title="Not in the quotes: 5, Kyoto">Kyoto spent 5 yen.</del>'


def test_in_the_chat_the_prose_streams_in_under_the_quotes_and_is_kept(library: Place, store: ConversationStore) -> None:
    with endpoint(writes(*TOLD)) as served:
        chat = chat_with(served, library, store)
        replies = list(chat.respond(MONEY, EMILIA))
    shown = [messages[-1]["content"] for messages, _, _ in replies]
    first = next(number for number, html in enumerate(shown) if "aj-written" in html)
    assert "aj-tools" in shown[first - 1]
    assert [html.count("<p>Hoshino") + html.count("<del") for html in shown[first:]] == [0, 1, 2, 2]
    assert ["Writing …" in html for html in shown[first:]] == [True, True, True, False]
    last = shown[-1]
    assert "Written by small-model from the quotes above; each sentence checked against them" in last
    assert TRUE_HTML in last
    assert STRUCK_HTML in last
    assert last.index(f"“{MONEY_QUOTE}”") < last.index("aj-written")
    again, _, _ = Chat(chat.service, ConversationStore(store.path)).open(EMILIA, replies[-1][2]["conversation"])
    assert again[-1]["content"] == last
    *_, path = History(store, chat).do(EMILIA, "", "export", replies[-1][2]["conversation"], "Markdown")
    with open(path, encoding="utf-8") as file:
        assert "~~Kyoto spent 5 yen.~~" in file.read()


def test_in_the_chat_a_failure_is_a_small_note(library: Place, store: ConversationStore) -> None:
    with endpoint(refuses(429)) as served:
        shown = [messages[-1]["content"] for messages, _, _ in chat_with(served, library, store).respond(MONEY, EMILIA)]
    assert f"“{MONEY_QUOTE}”" in shown[-1]
    assert (
        f'<p class="aj-label">Note on the writing: The writer at {served.url} takes no more requests for now (HTTP 429). '
        "Ask again later.</p></div>"
    ) in shown[-1]


def test_to_visitors_from_elsewhere_a_failure_does_not_say_where_the_writer_is(
    library: Place, store: ConversationStore, caplog: pytest.LogCaptureFixture
) -> None:
    with endpoint(refuses(429, '{"error": "organization harbour-7 has no credit"}')) as served:
        chat = chat_with(served, library, store)
        chat.service.settings = chat.service.settings.model_copy(update={"host": "0.0.0.0", "no_auth": True})
        replies = list(chat.respond(MONEY, EMILIA))
    shown = replies[-1][0][-1]["content"]
    assert (
        '<p class="aj-label">Note on the writing: The text was not written, or not to its end. The quotes above stand.</p></div>'
        in shown
    )
    again, _, _ = chat.open(EMILIA, replies[-1][2]["conversation"])
    for text in (shown, again[-1]["content"], caplog.text):
        assert served.url not in text
        assert "harbour-7" not in text


def test_in_the_chat_what_was_written_before_a_stop_is_kept(library: Place, store: ConversationStore) -> None:
    with endpoint(stalls_midway) as served:
        replies = chat_with(served, library, store).respond(MONEY, EMILIA)
        stored = next(stored for messages, _, stored in replies if TRUE_HTML in messages[-1]["content"])
        replies.close()
    kept = store.turns("emilia", stored["conversation"])[0].answer.written
    assert kept == Written("small-model", TRUE[:1])


def test_without_a_writer_nothing_changes_in_the_chat(library: Place, store: ConversationStore) -> None:
    chat = Chat(make_service(library), store, pause=0)
    replies = list(chat.respond(MONEY, EMILIA))
    turn = store.turns("emilia", replies[-1][2]["conversation"])[0]
    assert turn.answer.written is None
    assert len(replies) == len(turn.answer.sentences)
    assert "aj-written" not in replies[-1][0][-1]["content"]


def test_nothing_that_was_written_becomes_markup_on_the_page() -> None:
    bad = Written(
        '<i>m"odel', (WrittenSentence("<b>a</b>", (1,), True), WrittenSentence("x", (1,), False, ('"><img>',))), "<script>"
    )
    html = answer_html(Turn("t", "c", 0, replace(ANSWER, written=bad)), words("ja"))
    assert "<i>" not in html
    assert "<b>a" not in html
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;b&gt;a&lt;/b&gt;" in html
    assert "引用に裏づけがありません" in html
