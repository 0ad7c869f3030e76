"""What a visitor sends is shown as text, fetches nothing, and never ends in a traceback."""

from __future__ import annotations

import json
import shutil
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gradio as gr
import pytest

from askjapan.citations.render import sentence_blocks
from askjapan.records import Answer, Sentence
from askjapan.sayings import Saying
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.messages import typed, user_message
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations import exporting
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.html.answers import answer_html, note_html
from askjapan.web.html.quoted_table import table_html
from askjapan.web.server.call_guard import ADDRESS, MOST, TOO_MUCH
from askjapan.web.shared.service import AssistantService
from askjapan.web.words.initial_language import asked_for
from askjapan.web.words.translations import language_of, words
from tests.support.commands import in_subprocess
from tests.support.places import Place
from tests.support.web_places import BOATS, MONEY, MONEY_QUOTE, make_library, make_service, served

ENGLISH = words("en")
EMILIA = Visitor("emilia").stored()
META = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home")


@pytest.fixture(scope="module")
def service(library: Place) -> AssistantService:
    return make_service(library)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite3")


@pytest.fixture
def do(service: AssistantService, store: ConversationStore) -> Handlers:
    return Handlers(service, store, Chat(service, store, pause=0))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (
            "![x](https://tracker.invalid/p.png) **b**",
            "&#33;&#91;x&#93;(https&#58;//tracker.invalid/p.png) &#42;&#42;b&#42;&#42;",
        ),
        ("a < b & c > d @ e", "a &#60; b &#38; c &#62; d &#64; e"),
        ("- one\n+ two\n1. three\n2) four", "&#45; one\n&#43; two\n1&#46; three\n2&#41; four"),
        ("Title\n===\nOther\n---", "Title\n&#61;==\nOther\n&#45;--"),
        ("    code\n\tcode", "&#32;&#32;&#32;&#32;code\n&#9;code"),
        ("WWW.example.invalid", "WWW&#46;example.invalid"),
        ("a_b ~c~ # d | e \\ f `g`", "a&#95;b &#126;c&#126; &#35; d &#124; e &#92; f &#96;g&#96;"),
        ("Is it $5 in 1998. Or 5-3?", "Is it $5 in 1998. Or 5-3?"),
        ("&amp; &lt;b&gt; &#42;", "&#38;amp; &#38;lt;b&#38;gt; &#38;&#35;42;"),
    ],
)
def test_a_question_has_nothing_that_markdown_reads(question: str, shown: str) -> None:
    assert user_message(question)["content"] == shown
    assert typed(shown) == question


def test_no_line_ends_the_html_of_a_message(service: AssistantService) -> None:
    hostile = "Who\r\r![x](https://tracker.invalid/p.png)\n\n**b**"
    turn = Turn("t1", "c1", 0, service.ask(MONEY))
    turn = replace(turn, answer=replace(turn.answer, question="q", standalone_question=hostile))
    for html in (answer_html(turn, ENGLISH), note_html(hostile, "error")):
        assert "\n" not in html
        assert "\r" not in html
        assert "![x](https://tracker.invalid/p.png)" in unescape(html)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine and what was asked of it."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=["true", "false"])
def address(library: Place, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """A page whose library can be changed, and one whose cannot."""
    kept = tmp_path_factory.mktemp("kept") / "conversations.sqlite3"
    with served(library, kept, ASKJAPAN_LIBRARY_EDITING=request.param) as url:
        yield url


def post(url: str, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    """As the page itself posts: a browser names the page's own site with each."""
    origin = "/".join(url.split("/")[:3])
    request = urllib.request.Request(url, data=body, headers={"Content-Type": kind, "Origin": origin})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def adding(address: str) -> tuple[int, str]:
    """The number of the function that takes files, and of a session."""
    with urllib.request.urlopen(f"{address}/config", timeout=20) as response:
        config = json.load(response)
    upload = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "aj-upload")
    number = next(entry["id"] for entry in config["dependencies"] if entry["inputs"][:1] == [upload])
    return number, uuid.uuid4().hex[:10]


@pytest.mark.parametrize("door", ["queue/join", "run/predict", "api/predict", "call/ask", "call/v2/ask", "queue/join/"])
def test_no_file_is_fetched_from_an_address(address: str, elsewhere: tuple[str, list[str]], door: str) -> None:
    there, asked = elsewhere
    number, session = adding(address)
    for file in (
        {"path": f"{there}/works.txt", "meta": META},
        {"path": f"HTTP{there[4:]}/works.txt", "meta": META},
        {"path": "/tmp/works.txt", "url": f"{there}/works.txt", "meta": META},
    ):
        body = {"fn_index": number, "session_hash": session, "data": [[file], EMILIA], "question": [file]}
        assert post(f"{address}/gradio_api/{door}", json.dumps(body).encode()) == (400, str(ADDRESS))
        assert post(f"{address}/gradio_api/{door}", json.dumps(body).encode("utf-16")) == (400, str(ADDRESS))
    assert asked == []


def test_a_call_is_read_up_to_a_bound(address: str) -> None:
    assert post(f"{address}/gradio_api/call/ask", b'["' + b"x" * MOST + b'"]') == (413, str(TOO_MUCH))
    deep = post(f"{address}/gradio_api/call/ask", b"[" * 200_000 + b"]" * 200_000)
    assert deep == (400, "This call is nested too deeply to be read.")
    assert post(f"{address}/gradio_api/call/ask", b"{no json")[0] == 422


def result(address: str, door: str, event: str) -> str:
    with urllib.request.urlopen(f"{address}/gradio_api/{door}/{event}", timeout=30) as response:
        return str(response.read().decode())


def called(address: str, function: str, given: list[object]) -> str:
    """What one of the documented functions answers, as it comes."""
    status, told = post(f"{address}/gradio_api/call/{function}", json.dumps({"data": given}).encode())
    assert status == 200
    return result(address, f"call/{function}", json.loads(told)["event_id"])


def test_questions_are_answered_as_before(address: str) -> None:
    assert MONEY_QUOTE in called(address, "ask", [MONEY, [], [], []])


def test_an_upload_is_added_as_before(place: Place, tmp_path: Path) -> None:
    with served(place, tmp_path / "c.sqlite3") as url:
        number, session = adding(url)
        part = (
            b'--edge\r\nContent-Disposition: form-data; name="files"; filename="kelp.md"\r\nContent-Type: text/markdown\r\n\r\n'
            b"# Kelp of Rausu\n\nRausu sold 900 tons of kelp to Pusan in 1987.\n\r\n--edge--\r\n"
        )
        status, told = post(f"{url}/gradio_api/upload", part, "multipart/form-data; boundary=edge")
        assert status == 200
        path = json.loads(told)[0]
        # The address is the one that a browser sends with the file.
        file = {"path": path, "url": f"{url}/gradio_api/file={path}", "orig_name": "kelp.md", "meta": META}
        body = {"fn_index": number, "session_hash": session, "data": [[file], EMILIA]}
        status, told = post(f"{url}/gradio_api/queue/join", json.dumps(body).encode())
        assert status == 200
        heard = ""
        with urllib.request.urlopen(f"{url}/gradio_api/queue/data?session_hash={session}", timeout=60) as stream:
            while '"process_completed"' not in heard:
                heard = stream.readline().decode()
        assert "<strong>kelp.md</strong>" in json.loads(heard.removeprefix("data: "))["output"]["data"][1]
        until = time.monotonic() + 60
        while "Kelp of Rausu" not in (listed := called(url, "list_documents", [])) and time.monotonic() < until:
            time.sleep(0.2)
        assert "Kelp of Rausu" in listed


def break_database(store: ConversationStore) -> None:
    store.path.write_bytes(b"this is no database, but it is long enough to look like one " * 20)


def test_a_broken_database_is_told_of_everywhere(do: Handlers, store: ConversationStore, service: AssistantService) -> None:
    turn = store.keep("emilia", "", service.ask(MONEY))
    stored = {**EMILIA, "conversation": turn.conversation}
    break_database(store)
    told = (
        f"The conversations in {store.path} cannot be used (file is not a database). "
        "Make the folder writable, move the file away, or name another one with the setting `conversations`."
    )
    note = note_html(told, "error")
    nothing = gr.skip()
    assert do.history.rows(stored) == note
    shown, _, _, rows, file = do.history.do(stored, "", "open", turn.conversation)
    assert ([message["content"] for message in shown], rows, file) == ([note], note, nothing)
    for action, given in (("rename", "New"), ("delete", ""), ("export", "Markdown")):
        assert do.history.do(stored, "", action, turn.conversation, given) == (nothing, nothing, nothing, note, nothing)
    assert do.chat.suggest(MONEY, stored) == gr.skip()
    assert do.draw_map(stored) == note
    assert do.pane.show_near(turn.id, 1, "en") == note
    assert do.pane.show_citation(turn.id, 1, "en") == note
    assert do.pane.copy_text(turn.id, True, "en") == ""


@pytest.mark.parametrize("junk", ["x", None, [], "", "1e9", float("inf"), "9" * 5000, -1, "²"])
def test_a_number_that_is_none_opens_nothing(
    do: Handlers, store: ConversationStore, service: AssistantService, junk: object
) -> None:
    turn = store.keep("emilia", "", service.ask(MONEY))
    show_citation, show_near, _, _, show_page, *_ = do.pane.functions()
    document = service.assistant().documents[0].id
    assert "This answer has no such citation." in show_citation([turn.id, junk, "en"])
    assert show_near([turn.id, junk, "en"]) == note_html(ENGLISH.plain("gone_passage"), "error")
    for kind in ("aj-cite", "aj-near"):
        assert "aj-error" in show_page([document, junk, [kind, turn.id, junk], "en"])


def exported(do: Handlers, conversation: str) -> Path:
    return Path(do.history.do(EMILIA, "", "export", conversation, "Markdown")[-1])


def test_an_export_removes_those_that_were_fetched_long_ago(
    do: Handlers, store: ConversationStore, service: AssistantService, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = store.keep("emilia", "", service.ask(MONEY))
    first, second = (exported(do, turn.conversation) for _ in range(2))
    assert first.exists()
    assert second.exists()
    monkeypatch.setattr(exporting, "EXPORT_SECONDS", -1.0)
    third = exported(do, turn.conversation)
    assert [path.parent.exists() for path in (first, second, third)] == [False, False, True]
    shutil.rmtree(third.parent)


def test_an_exported_file_in_gradios_own_folder_does_not_stay_either(library: Place, tmp_path: Path) -> None:
    # In its own process, because a page that is built and not served leaves an event loop open.
    code = (
        "from pathlib import Path; from askjapan.settings import load_settings; from askjapan.web import build_page; "
        "from askjapan.web.shared.service import AssistantService; from askjapan.web.conversations.store import ConversationStore; "
        f"print(build_page(AssistantService(load_settings()), ConversationStore(Path({str(tmp_path / 'c.sqlite3')!r}))).demo.delete_cache)"
    )
    ran = in_subprocess("-c", code, home=library.home)
    assert ran.stdout == "(3600, 86400)\n", ran.stderr


def test_a_table_without_any_cell_is_drawn_empty(service: AssistantService) -> None:
    turn = Turn("t1", "c1", 0, service.ask(BOATS))
    hit = next(hit for hit in turn.answer.hits if hit.passage.kind == "table")
    cited = next(citation for sentence in turn.answer.sentences for citation in sentence.citations)
    row = replace(cited, unit="row", quote="Elsewhere", passage_id="gone#1")
    sentence = Sentence("Table 9. Other", "quote", (row,))
    assert hit.passage.id != "gone#1"
    html = table_html(sentence_blocks([sentence])[0], turn, lambda _: "", ENGLISH)
    assert html.startswith('<div class="aj-table"><table><caption>Table 9. Other</caption><tbody></tbody></table>')


@pytest.mark.parametrize(
    ("key", "english", "japanese"),
    [
        ("no_place", "No quote could be placed exactly in its file.", "正確に確かめられる引用文がありませんでした。"),
        ("no_word", "It holds no word that could be looked for.", "検索に使える語がありません。"),
        ("no_sentence", "The passages found hold no sentence that could be quoted.", "引用できる文がありません。"),
    ],
)
def test_every_reason_to_refuse_is_said_in_the_language_of_the_page(key: str, english: str, japanese: str) -> None:
    reason = Saying.of("refused", question=MONEY, why=Saying.of(key))
    assert str(reason) == f"Not in this corpus: looked for “{MONEY}”. {english}"
    turn = Turn("t1", "c1", 0, Answer(MONEY, MONEY, False, str(reason), 0.1, (), (), "f" * 64, saying=reason))
    assert f"<p>Looked for “{MONEY}”. {english}</p>" in answer_html(turn, ENGLISH)
    shown = answer_html(turn, words("ja"))
    assert f"<p>「{MONEY}」を調べました。" in shown
    assert f"{japanese}</p>" in shown


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja;q=0, en", "en"),
        ("en;q=0.5, ja;q=0.9", "ja"),
        ("en;q=0.5, ja;q=0.5", "en"),
        ("ja;q=0", "en"),
        ("en;q=0, ja;q=0.1", "ja"),
        ("ja;q=nan, en;q=0.1", "en"),
        ("ja ; q = 0.3", "ja"),
    ],
)
def test_a_language_counts_by_how_much_it_is_liked(header: str, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    "cookies", ["askjapan-language=ja", "a[]=1; x{y=2; askjapan-language=ja", 'b="open; askjapan-language=ja; c']
)
def test_a_malformed_cookie_before_ours_takes_nothing_from_it(cookies: str) -> None:
    scope = {"type": "http", "query_string": b"", "headers": [(b"cookie", cookies.encode()), (b"accept-language", b"en")]}
    assert asked_for(scope) == "ja"
