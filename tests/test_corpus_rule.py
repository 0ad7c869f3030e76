"""No sentence of the five works stands in the repository: facts carry over, sentences do not.

Table rows and the sources under them are figures and names, which may carry over; so may the names of institutions and titles.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT.parent / "shared" / "tools"
NAMES = (
    "society for the promotion of machine industries",
    "annual report on the promotion of science and technology",
    "aem miti economic and industrial cooperation committee",
    "alliance of cities with high density of foreign citizens",
)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TOOLS.is_dir(), reason="the full texts are not beside the project"),
]


def ran(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOLS / tool), *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def words(text: str) -> str:
    return " ".join(match.group().lower() for match in re.finditer(r"[^\W_]+", text))


def tables(path: Path) -> str:
    """The words of a note's tables, with their captions and markers."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return words("\n".join(line for line in lines if line.startswith("|") or re.search(r"#t\d+\]$", line)))


def copied(limit: int, *arguments: str) -> Iterator[str]:
    """The runs that the works and the repository share, without those of tables and names."""
    printed = ran("overlap.py", "--words", str(limit), *arguments).stdout.splitlines()
    assert printed[-1].endswith(f"runs of {limit} words or more")
    for line in printed[:-1]:
        name, _, run = line.split(": ", 2)
        named = any(each in run and len(run.replace(each, "").split()) <= 2 for each in NAMES)
        in_table = name.startswith("corpus/notes/") and run in tables(ROOT / name)
        if not (named or in_table):
            yield line


def test_no_run_of_ten_words_of_the_works() -> None:
    assert list(copied(10)) == []


def test_no_run_of_eight_words_in_the_notes() -> None:
    assert list(copied(8, "corpus/notes")) == []


def test_the_notes_do_not_follow_the_works_sentence_by_sentence() -> None:
    """Chains of at most three sentences, at most 40 % of each work's words and 17,000 words together."""
    done = ran("shadow.py", "corpus/notes")
    assert done.returncode == 0, done.stdout
    counts = re.findall(r"^[\w-]+\.md: (\d+) words", done.stdout, re.MULTILINE)
    assert len(counts) == 5
    assert sum(map(int, counts)) <= 17_000
