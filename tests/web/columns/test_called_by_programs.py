"""What other programs call: gradio's client, MCP, and two visitors at once."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from askjapan.web.columns.chat import Chat
from askjapan.web.columns.messages import Message, messages
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore
from tests.support.chats import ENGLISH, last
from tests.support.commands import SUPPORT, in_subprocess
from tests.support.places import Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    MONEY_SENTENCE,
    NETS,
    NETS_SHOWN,
    PAGES,
    PAGES_QUOTE,
)


def call_page(address: str, *requests: list[object]) -> list[Any]:
    """What `gradio_client` gets for requests made all at once; in its own process, because it leaves sockets open."""
    script = SUPPORT / "call_page.py"
    done = subprocess.run(
        [sys.executable, str(script), address],
        input=json.dumps(requests),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_gradio_client_calls_the_three_functions(address: str) -> None:
    answer, hits, works, wrong = call_page(
        address, ["ask", MONEY], ["retrieve", NETS, 2], ["list_documents"], ["ask", MONEY, [], ["astronomy"]]
    )
    assert answer["format"] == "askjapan answer 1"
    assert answer["sentences"][0]["text"] == MONEY_QUOTE
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert hits[0]["document"]["title"] == "Nets & <b>Knots</b>"
    assert {"hoshino-lanterns", "aoba-tea-note"} < {work["id"] for work in works}
    assert wrong["error"].startswith("There is no theme 'astronomy' in the index. Known are: ")


def test_ten_at_once_get_their_own_answers(address: str) -> None:
    questions = [MONEY, NETS, BOATS, PAGES, "How many pickers from Nepal did Aoba hire?"] * 2
    answers = call_page(address, *(["ask", question] for question in questions))
    assert [answer["question"] for answer in answers] == questions
    assert answers[:5] == answers[5:]
    firsts = [answer["sentences"][0]["text"] for answer in answers]
    assert (firsts[0], firsts[1], firsts[3]) == (MONEY_QUOTE, NETS_SHOWN, PAGES_QUOTE)


def test_only_the_documented_functions_are_offered(address: str) -> None:
    with urllib.request.urlopen(f"{address}/gradio_api/info", timeout=20) as response:
        offered = json.load(response)
    documented = ["/ask", "/check_quote", "/list_documents", "/matrix", "/mentions", "/overview", "/retrieve"]
    assert sorted(offered["named_endpoints"]) == documented
    assert offered["unnamed_endpoints"] == {}


def test_two_visitors_at_once_see_only_their_own(chat: Chat, store: ConversationStore) -> None:
    visitors = [Visitor(f"visitor-{number}").stored() for number in range(10)]
    questions = [MONEY, NETS] * 5

    def converse(place: tuple[dict[str, str], str]) -> list[Message]:
        stored, question = place
        _, _, stored = last(chat, question, stored)
        shown, _, _ = last(chat, BOATS, stored)
        return shown

    with ThreadPoolExecutor(10) as pool:
        shown = list(pool.map(converse, zip(visitors, questions, strict=True)))
    assert [[message["content"] for message in conversation[::2]] for conversation in shown] == [[q, BOATS] for q in questions]
    for visitor in visitors:
        entries = store.conversations(visitor["owner"])
        assert len(entries) == 1
        turns = store.turns(visitor["owner"], entries[0].id)
        assert len(turns) == 2
        assert len(messages(turns, ENGLISH)) == 4


def test_an_mcp_client_finds_and_calls_the_tools(address: str) -> None:
    mcp = pytest.importorskip("mcp", reason="the mcp extra is not installed")

    async def converse() -> None:
        async with mcp.Client(f"{address}/mcp") as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "retrieve", "list_documents", "overview", "mentions", "matrix", "check_quote"}
            assert all(len(tool.description) > 100 for tool in tools.values())
            assert tools["ask"].description.startswith("Answer a question about Japan in the world")
            assert tools["ask"].input_schema["required"] == ["question"]
            answer = await client.call_tool("ask", {"question": MONEY})
            assert not answer.is_error
            assert json.loads(answer.content[0].text)["sentences"][0]["text"] == MONEY_QUOTE
            hits = await client.call_tool("retrieve", {"question": NETS, "k": 1})
            assert json.loads(hits.content[0].text)["rank"] == 1
            works = await client.call_tool("list_documents", {})
            assert "hoshino-lanterns" in [json.loads(entry.text)["id"] for entry in works.content]
            about = json.loads((await client.call_tool("overview", {"documents": ["hoshino-lanterns"]})).content[0].text)
            assert about["answered"]
            assert {one["document_id"] for told in about["sentences"] for one in told["citations"]} == {"hoshino-lanterns"}
            unknown = await client.call_tool("overview", {"language": "fr"})
            assert "'fr' is no language that can be asked for." in unknown.content[0].text
            counted = json.loads((await client.call_tool("mentions", {"term": "lantern", "shown": 1})).content[0].text)
            work = next(work for work in counted["works"] if work["id"] == "hoshino-lanterns")
            assert (counted["count"], work["count"], len(work["mentions"])) == (2, 2, 1)
            compared = json.loads((await client.call_tool("matrix", {"questions": [MONEY]})).content[0].text)
            cells = {row["id"]: row["cells"][0] for row in compared["rows"]}
            assert cells["hoshino-lanterns"]["quote"] == MONEY_SENTENCE
            assert cells["hoshino-lanterns"]["where"] == "§ 2. What the towns spent"
            misquoted = {"quote": MONEY_QUOTE.replace("312", "321")}
            checked = json.loads((await client.call_tool("check_quote", misquoted)).content[0].text)
            assert (checked["status"], checked["differences"]) == ("altered", [{"draft": "321", "source": "312"}])
            nothing = await client.call_tool("mentions", {"term": "?"})
            assert nothing.is_error
            assert "is no term that could be looked for" in nothing.content[0].text
            wrong = await client.call_tool("ask", {"question": MONEY, "themes": ["astronomy"]})
            assert wrong.is_error
            assert "There is no theme 'astronomy' in the index." in wrong.content[0].text

    asyncio.run(converse())


@pytest.mark.parametrize("library_used", ["gradio_client", "mcp"])
def test_what_the_readme_shows_to_other_programs_runs(address: str, library_used: str, tmp_path: Path) -> None:
    pytest.importorskip(library_used, reason=f"{library_used} is not installed")
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if f"from {library_used} import" in block)
    asked = "Why did Masuzoe visit Beijing?"
    assert asked in code
    ran = in_subprocess("-c", code.replace("http://127.0.0.1:7860", address).replace(asked, MONEY), home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    first = {"gradio_client": f"{MONEY_QUOTE} ['2. What the towns spent']", "mcp": "True "}[library_used]
    assert ran.stdout.startswith(first)


def test_app_py_is_short_and_only_starts_the_page() -> None:
    lines = (Path(__file__).resolve().parents[3] / "app.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 20
    assert any("launch(load_settings())" in line for line in lines)


def test_a_port_in_use_is_one_sentence_with_a_remedy(library: Place, address: str, tmp_path: Path) -> None:
    port = address.rsplit(":", 1)[1]
    app = Path(__file__).resolve().parents[3] / "app.py"
    done = in_subprocess(app, home=library.home, ASKJAPAN_PORT=port, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"The chat cannot listen on 127.0.0.1:{port} (")
    assert done.stderr.endswith("Stop what uses that port, or choose another one with --port.\n")
    assert "Traceback" not in done.stderr
