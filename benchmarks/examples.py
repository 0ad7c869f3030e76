"""Makes docs/examples.md, what newcomers ask in both languages, as it is answered: `python benchmarks/examples.py --index INDEX --write`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from askjapan import Assistant
from askjapan.citations.labels import language_of
from askjapan.citations.render import block_lines, sentence_blocks, short_line
from askjapan.records import Answer

PAGE = Path(__file__).resolve().parents[1] / "docs" / "examples.md"
THEMES = {
    "Sister cities and what local governments do abroad": (
        "How many sister cities did Japan have in 2009?",
        "Why did the growth of sister cities slow down?",
        "What does Mouer recommend?",
        "日本の姉妹都市は2009年にいくつありましたか",
        "姉妹都市の成長が鈍った理由は何ですか",
    ),
    "Regional production networks": (
        "What does Hatch argue?",
        "What is relationalism?",
        "Which year had the most JICA experts in Asia?",
        "ハッチの主張をまとめてください",
        "関係主義とは何ですか",
    ),
    "Migration": (
        "Summarise the paper on migration",
        "What are Iguchi's recommendations?",
        "Should Japan accept more foreign workers?",
        "井口は何を主張していますか",
        "migration",
    ),
    "Soft power and city diplomacy": (
        "When did Masuzoe visit Beijing?",
        "Compare Japan and China in Central Asia",
        "Who wrote the paper on soft power, and when was it written?",
        "舛添はなぜ北京を訪れたのですか",
        "Which works are there?",
    ),
}


def shown(answer: Answer) -> str:
    """An answer as a terminal shows it, without the list of sources."""
    lines = [] if answer.outcome == "answer" else [answer.reason, *(f"- {reading}" for reading in answer.readings)]
    if answer.short:
        lines += [short_line(answer, "**"), ""]
    for block in sentence_blocks(answer.sentences):
        lines += block_lines(block, language=language_of([answer.question]))
    return "\n".join(lines)


def page(assistant: Assistant) -> str:
    """The whole page."""
    parts = [
        "# Twenty questions of newcomers",
        "What `askjapan ask` prints for the shipped study notes, without the lists of sources. The command that makes this page is\n"
        "`python benchmarks/examples.py --index INDEX --write`.",
    ]
    for theme, questions in THEMES.items():
        parts.append(f"## {theme}")
        parts += [f"**{question}**\n\n```text\n{shown(assistant.ask(question))}\n```" for question in questions]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write docs/examples.md instead of printing it")
    given = parser.parse_args()
    text = page(Assistant.open(given.index))
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
