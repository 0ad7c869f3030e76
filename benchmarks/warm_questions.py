"""Questions in a process that has answered others: the milliseconds of each stage, and what ten clients gain; `benchmarks/speed.py` tells it.

`python benchmarks/warm_questions.py INDEX` measures an index that is there.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askjapan.assistant import Assistant

QUESTIONS = (
    "What is soft power?",
    "Which industries did Japanese firms move to Southeast Asia?",
    "How do cities pay for exchanges with foreign towns?",
    "Who came to Japan as a trainee?",
    "What do local governments expect of foreign residents?",
    "How large is the budget for cultural exchange?",
    "Why did firms move production abroad?",
    "What is a sister-city agreement?",
    "How many foreigners were registered?",
    "Which countries are Japan's partners in city diplomacy?",
    "What did the government plan for the language of newcomers?",
    "When did the number of agreements grow fastest?",
    "How is pop culture used in diplomacy?",
    "What role do prefectures have abroad?",
    "Which ministry is in charge of exchange programmes?",
    "How do networks of suppliers work?",
    "What do critics say about soft power?",
    "How did investment in China change?",
    "Who teaches Japanese to workers from abroad?",
    "What share of the population are foreign nationals?",
)

ROUNDS = 3
"""Times that one client and ten are measured, in turn."""
Spent = list[tuple[float, float]]
"""Wall and processor seconds of one thing done again and again."""


@contextmanager
def timed(into: Spent) -> Iterator[None]:
    began = time.perf_counter(), time.process_time()
    yield
    into.append((time.perf_counter() - began[0], time.process_time() - began[1]))


def opened(index: Path) -> Assistant:
    """An assistant with its models loaded and nothing remembered."""
    from askjapan.assistant import Assistant

    made = Assistant.open(index)
    made.warm_up()
    return made


def followed(work: Callable[..., Any], into: Spent) -> Callable[..., Any]:
    """The same work, which also notes what it took."""

    def done(*arguments: object) -> object:
        with timed(into):
            return work(*arguments)

    return done


def warm(index: Path) -> Iterator[str]:
    """Milliseconds of a question and of its stages, and ten clients beside one."""
    from askjapan.retrieval.follow_up import stand_alone
    from askjapan.retrieval.retriever import ALIGNED, READ

    assistant = opened(index)
    retriever: Any = assistant.retriever
    stages: dict[str, Spent] = {
        "the search: both encoders, vectors, BM25, fusion": [], f"the reader, {READ} passages": [], f"word by word, {ALIGNED} passages": [],
        "the whole retrieval": [], "a whole answer": [], "a follow-up": [],
    }  # fmt: skip
    search, read, words, retrieval, answer, follow_up = stages.values()
    plain = retriever.readers.english.read
    retriever._fused = followed(retriever._fused, search)
    retriever.readers.english.read = followed(plain, read)
    retriever._alignments = followed(retriever._alignments, words)
    for question in QUESTIONS:
        with timed(retrieval):
            retriever.retrieve(stand_alone(question), 5)
    # The reader is the process's own.
    retriever.readers.english.read = plain
    assistant = opened(index)
    for question in QUESTIONS:
        with timed(answer):
            assistant.ask(question)
    for question in QUESTIONS[:5]:
        with timed(follow_up):
            assistant.ask("And in 2009?", [question])
    yield f"Warm, {len(assistant.index.passages):,} passages, {len(QUESTIONS)} questions:"
    yield "| | wall ms, median (95th percentile) | processor ms |"
    yield "| --- | --- | --- |"
    for name, spent in stages.items():
        yield f"| {name} | {ms([wall for wall, _ in spent])} | {ms([cpu for _, cpu in spent])} |"
    yield from clients(index)


def clients(index: Path) -> Iterator[str]:
    """What one client and ten get answered, in turn, and how much of the machine each keeps busy."""
    rounds = [(throughput(opened(index), 1), throughput(opened(index), 10)) for _ in range(ROUNDS)]
    one, ten = (statistics.median(each[place][0] for each in rounds) for place in range(2))
    busy = [statistics.median(each[place][1] for each in rounds) for place in range(2)]
    ratio = statistics.median(many[0] / alone[0] for alone, many in rounds)
    yield (
        f"Questions a second: one client {one:.2f} ({busy[0]:.2f} processors busy), ten clients {ten:.2f} ({busy[1]:.2f}), ratio {ratio:.2f}; "
        f"medians of {ROUNDS}"
    )


def throughput(assistant: Assistant, number: int) -> tuple[float, float]:
    """Questions a second that so many clients get answered, each asked once by one of them, and the processors that they keep busy."""
    pending = list(QUESTIONS)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not pending:
                    return
                question = pending.pop()
            assistant.ask(question)

    began = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    return len(QUESTIONS) / wall, cpu / wall


def ms(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return f"{1000 * statistics.median(ordered):.0f} ({1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f})"


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for told in warm(Path(sys.argv[1])):
        tell(told)
    tell(f"load average {os.getloadavg()[0]:.1f}")
