"""Our questions on the tables of invented documents, asked through the whole product:

    python benchmarks/table_questions.py one two [--language ja] [--wrong]

Each folder of `benchmarks/tables` is a library of documents of several formats, six and eight, two of each in Japanese, in which prose on
the same things stands around the tables; `one.jsonl` and `two.jsonl` have the questions, each in English and Japanese, whatever the
language of the document. An answer is right if its quotes and short answer hold all of `answer`. Printed are, by kind of question, how many
there are, right, and refused; of the near misses ("near"), only the refused ones are right. `--wrong` prints the others, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from report import markdown_table  # noqa: E402

from askjapan.assistant import Assistant  # noqa: E402
from askjapan.index.build import build  # noqa: E402
from askjapan.index.encoders.minilm import minilm  # noqa: E402
from askjapan.index.encoders.multilingual import multilingual  # noqa: E402
from askjapan.records import Answer  # noqa: E402

TABLES = ROOT / "benchmarks" / "tables"


def holds(answer: Answer, wanted: list[str]) -> bool:
    """Whether the quotes or the short answer have all that is wanted; blanks, commas and marks of Markdown don't count."""
    said = _plain(" ".join([*(sentence.text for sentence in answer.sentences if sentence.citations), answer.short]))
    return bool(wanted) and all(_plain(part) in said for part in wanted)


def _plain(text: str) -> str:
    return "".join(text.split()).replace("\\", "").replace("*", "").replace(",", "").lower()


def asked(library: str, language: str) -> Iterator[tuple[dict[str, Any], Answer, bool]]:
    """Each question of a library with its answer, and whether that is right."""
    with tempfile.TemporaryDirectory(prefix="askjapan-tables-") as folder:
        index = Path(folder) / "index"
        build([TABLES / library], index, minilm(), catalogue=Path(folder) / "none.toml", multilingual=multilingual())
        assistant = Assistant.open(index)
        for line in (TABLES / f"{library}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            answer = assistant.ask(row["ja"] if language == "ja" else row["question"])
            right = answer.answered and holds(answer, row["answer"]) if row["answerable"] else not answer.answered
            yield row, answer, right


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("libraries", nargs="+", help="folders of benchmarks/tables")
    parser.add_argument("--language", choices=["ja", "en"], default="en", help="of the questions")
    parser.add_argument("--wrong", action="store_true", help="print the questions that are not answered right")
    given = parser.parse_args()
    every, rights, refused = Counter[str](), Counter[str](), Counter[str]()
    for library in given.libraries:
        for row, answer, right in asked(library, given.language):
            for kind in (row["kind"], "all" if row["answerable"] else "near misses"):
                every[kind] += 1
                rights[kind] += right
                refused[kind] += not answer.answered
            if given.wrong and not right:
                sys.stderr.write(f"{library} {row['id']} {row['question']} | {row['ja']} | {row['answer']} | {answer.short}\n")
    rows = [
        [kind, str(number), str(rights[kind]), str(refused[kind])] for kind, number in sorted(every.items()) if kind != "near"
    ]
    sys.stdout.write(markdown_table(["kind", "questions", "right", "refused"], rows) + "\n")


if __name__ == "__main__":
    main()
