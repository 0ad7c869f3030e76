"""The settings as the command line shows them, its help and its exit codes, in processes of their own too."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import askjapan as package
from askjapan import __version__
from askjapan.index.build import build
from askjapan.index.storage.manifest import read_manifest
from tests.support.command_line import FERRIES, QUESTION, Askjapan, failed
from tests.support.commands import SOURCE, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place, make_place

pytestmark = pytest.mark.usefixtures("fake_model")


def test_info(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_CONVERSATIONS", str(tmp_path / "chat.sqlite3"))
    (built.works / "broken.pdf").write_bytes(b"nothing")
    assert askjapan("index").code == 1
    ran = askjapan("info")
    assert (ran.code, ran.err) == (0, "")
    manifest = read_manifest(built.index)
    rows = dict(re.findall(r"│ (\S.*?)\s+│ (.*?)\s+│", ran.out))
    assert rows["fingerprint"] == manifest.fingerprint
    assert rows["encoder"] == f"hash-encoder ({HashEncoder.sha256[:12]})"
    assert rows["multilingual encoder"] == "none"
    assert (rows["documents"], rows["passages"]) == ("2", str(manifest.passages))
    assert rows["index folder"] == str(built.index)
    assert rows["corpus folders"] == str(built.corpus)
    assert rows["conversations file"] == str(tmp_path / "chat.sqlite3")
    assert rows["passage_tokens"] == "120"
    assert "broken.pdf" in rows[f"left out: {built.works / 'broken.pdf'}"]
    assert ran.out.endswith("The index is up to date.\n")
    (built.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    assert askjapan("info").out.endswith(f"The index is stale. {built.works / 'ferries.txt'} is new. Run `askjapan index`.\n")


def test_info_without_an_index_still_shows_the_settings(askjapan: Askjapan, place: Place) -> None:
    ran = askjapan("info")
    assert ran.code == 1
    assert "passage_tokens" in ran.out
    assert ran.err == f"There is no index in {place.index}. Build it with `askjapan index`.\n"


@pytest.mark.parametrize("command", [("index",), ("ask", "?"), ("info",), ("list",), ("serve",)], ids=lambda command: command[0])
def test_wrong_settings(command: tuple[str, ...], askjapan: Askjapan, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    file = built.home / "askjapan.toml"
    file.write_text("port = \n")
    assert failed(askjapan(*command)) == f"{file} cannot be read: Invalid value (at line 1, column 8). Correct that file."
    file.unlink()
    monkeypatch.setenv("ASKJAPAN_PROT", "80")
    assert failed(askjapan(*command)) == (
        "The environment variable ASKJAPAN_PROT is not a setting of askjapan. Did you mean ASKJAPAN_PORT?"
    )


def test_a_wrong_port(askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan("serve", "--port", 70000)) == (
        "The value of the option 'port' cannot be used: input should be less than or equal to 65535 (given: 70000). "
        "Correct or remove it."
    )


@pytest.mark.parametrize(
    "arguments", [("retrieve", "?", "-k", "many"), ("nonsense",), ("ask",), ("ask", "?", "--nonsense"), ("serve", "--port", "x")]
)
def test_wrong_usage(arguments: tuple[str, ...], askjapan: Askjapan, place: Place) -> None:
    ran = askjapan(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: askjapan" in ran.err
    assert "Traceback" not in ran.err


COMMANDS = sorted(
    [
        "add",
        "ask",
        "check",
        "doctor",
        "edit",
        "eval",
        "export",
        "index",
        "info",
        "list",
        "matrix",
        "mentions",
        "move",
        "password",
        "remove",
        "retrieve",
        "serve",
        "sketch",
        "verify",
    ]
)


def test_the_version_in_a_process(tmp_path: Path) -> None:
    ran = in_subprocess("-m", "askjapan", "--version", home=tmp_path)
    assert (ran.returncode, ran.stdout.strip()) == (0, f"askjapan {__version__}")


def test_help_in_a_process(tmp_path: Path) -> None:
    ran = in_subprocess("-m", "askjapan", "--help", home=tmp_path, COLUMNS="120")
    assert (ran.returncode, ran.stderr) == (0, "")
    shown = re.findall(r"^│ (\w+) ", ran.stdout, re.MULTILINE)
    assert sorted(shown) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str, askjapan: Askjapan) -> None:
    page = askjapan(command, "--help")
    assert (page.code, page.err) == (0, "")
    assert f"Usage: askjapan {command}" in page.out


def test_failures_in_a_process(tmp_path: Path) -> None:
    ran = in_subprocess("-m", "askjapan", "list", home=tmp_path / "家 folder")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"There is no index in {tmp_path / '家 folder' / 'index'}. Build it with `askjapan index`.\n"
    ran = in_subprocess("-m", "askjapan", "ask", "?", home=tmp_path, ASKJAPAN_THEME="x")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == ("The environment variable ASKJAPAN_THEME is not a setting of askjapan. Remove it.\n")


def test_japanese_goes_through_a_pipe_whatever_the_locale(built: Place, tmp_path: Path) -> None:
    (built.works / "灯籠 の町.txt").write_text(FERRIES, encoding="utf-8")
    build([built.corpus], built.index, HashEncoder(), catalogue=built.catalogue)
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}):
        ran = in_subprocess("-m", "askjapan", "list", "--json", home=built.home, **locale)
        assert ran.returncode == 0, ran.stderr
        assert str(built.works / "灯籠 の町.txt") in {work["path"] for work in json.loads(ran.stdout)}


@pytest.mark.skipif(os.name == "nt", reason="pipes close in another way there")
def test_a_reader_that_stops_early_is_no_error(built: Place) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "ASKJAPAN_HOME": str(built.home)}
    with subprocess.Popen(
        [sys.executable, "-m", "askjapan", "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        err = command.stderr.read().decode()
    assert "Traceback" not in err
    assert "Exception" not in err


@pytest.mark.model
def test_the_whole_way_with_the_real_model(tmp_path: Path) -> None:
    """Index, ask as JSON, verify: three processes, the real encoder, folders with spaces and Japanese letters."""
    place = make_place(tmp_path / "私の フォルダ")
    (place.works / "灯籠 の町.txt").write_text(LANTERNS, encoding="utf-8")
    options = {"home": place.home, "ASKJAPAN_MULTILINGUAL": "0"}
    ran = in_subprocess("-m", "askjapan", "index", **options)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "灯籠 の町.txt takes the place of the study note lanterns.md."
    ran = in_subprocess("-m", "askjapan", "ask", QUESTION, "--json", **options)
    assert (ran.returncode, ran.stderr) == (0, "")
    data = json.loads(ran.stdout)
    assert data["answered"] is True
    first = data["sentences"][0]
    assert first["text"] == "In 1961 the town of Hoshino signed a letter of friendship with the Danish port of Vesterby."
    start = LANTERNS.index("In 1961")
    citation = first["citations"][0]
    assert (citation["start"], citation["end"]) == (start, start + len(first["text"]))
    assert (citation["marker"], citation["document_id"], citation["document_kind"]) == (1, "hoshino-lanterns", "full text")
    (tmp_path / "answer.json").write_text(ran.stdout, encoding="utf-8")
    ran = in_subprocess("-m", "askjapan", "verify", tmp_path / "answer.json", **options)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("[1] ok: The Lantern Towns of Hoshino Bay")


def test_the_installed_script_and_the_module_are_one() -> None:
    pyproject = (Path(package.__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'askjapan = "askjapan.cli:main"' in pyproject
