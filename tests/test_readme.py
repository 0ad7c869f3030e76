"""What the README claims: its commands exist, its settings are the settings, its Python runs, its links lead somewhere."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer.main

from askjapan import __all__ as public
from askjapan import __version__
from askjapan.cli.app import app
from askjapan.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = [line for language, block in BLOCKS if not language for line in block.splitlines() if line.startswith("askjapan ")]
PYTHON = [block for language, block in BLOCKS if language == "python" and "askjapan." in block]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def table_below(heading: str) -> list[list[str]]:
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_table_of_commands_is_the_command_line() -> None:
    assert sorted(row[0].strip("`").removeprefix("askjapan ") for row in table_below("Commands")) == sorted(COMMANDS)


@pytest.mark.parametrize("line", SHELL)
def test_a_command_in_the_readme_parses(line: str) -> None:
    words = shlex.split(line.split(" > ")[0])
    command = COMMANDS[words[1]]
    command.make_context(words[1], words[2:], resilient_parsing=False)


def test_there_are_commands_to_check() -> None:
    assert len(SHELL) >= 10


def test_the_table_of_settings_is_the_settings() -> None:
    named = [name for row in table_below("Settings") for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(Settings.model_fields)


def test_defaults_named_in_the_table_of_settings() -> None:
    for names, meaning in table_below("Settings"):
        for name, value in zip(
            re.findall(r"`(\w+)`", names), re.findall(r"[\d.]+", "".join(re.findall(r"\(([^)]*)\)", meaning))), strict=False
        ):
            assert str(Settings.model_fields[name].get_default(call_default_factory=True)) == value


@pytest.mark.parametrize("code", PYTHON)
def test_python_in_the_readme_uses_what_is_public(code: str) -> None:
    names = {
        node.attr
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "askjapan"
    }
    assert names
    assert names <= set(public)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_a_link_in_the_readme_leads_to_a_file(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert project["version"] == __version__ == newest.group(1)


def test_make_targets_named_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake (\w+)\b", README)):
        if target not in ("install", "does"):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
