"""Many people at one served page: questions and follow-ups from all, works uploaded and removed and one rebuild meanwhile.

    python benchmarks/load.py --users 50 --minutes 5
    python benchmarks/load.py --users 8 --minutes 1 --answers 2000 --think 0 2

A page is served on loopback, over a home of its own with the shipped notes. Each user asks one question after another, some of them as
follow-ups, and reads each answer for some seconds. Every fifth uses the page itself (`page_visitor`) and must find their own
questions there and no others; the rest use the documented API. Every answer of the API is checked: that it answers the question that
was asked, that one question always has the same quotes from one state of the index, and that all citations resolve in the files. One
more visitor uploads works, removes them and has everything read and cut anew once; the run ends when all three have been done. Times,
places in the line that the page told, refusals of the full line and the server's memory are printed as JSON; the exit code is 1 if
anything was wrong.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from library_changes import ABOUT_WORK, KINDS, change_library
from page_visitor import PageVisitor, Refused, call

from askjapan.citations.verify import verify

ROOT = Path(__file__).resolve().parents[1]
ASKED = (
    ("How many sister-city links did Japanese municipalities have in 2009?", "And how many municipalities were there?"),
    ("Why did the governor of Tokyo visit Beijing?", "When was that?"),
    ("Which countries does Japan help in Central Asia?", "And what does it pay for?"),
    ("How do Japanese firms organise production in Asia?", "Which industries are named?"),
    ("What is said of foreign workers in Japan?", "And of students?"),
    ("How are sister-city relationships paid for?", "Who pays?"),
    ("What is soft power?", "What is Japan's?"),
    ("日本の姉妹都市提携は何件ありますか。", "自治体はいくつですか。"),
    ("Who owns the moon?", "And Mars?"),
    ("What did the survey of production networks find?", "In which year?"),
)
MOST_FAULTS = 1_000  # then the server is gone


class Visitors:
    """The simulated users and what they saw.

    Args:
        port: of the page.
        until: `time.monotonic()` of the end.
        answers: that are waited for after that.
        think: seconds that a user reads an answer, at least and at most.
    """

    def __init__(self, port: int, until: float, answers: int, think: tuple[float, float]) -> None:
        self.port = port
        self.until = until
        self.wanted = answers
        self.think = think
        self.lock = threading.Lock()
        self.library_is_done = threading.Event()
        self.seconds: list[float] = []
        self.page_seconds: list[float] = []
        self.places: list[int] = []
        self.refused: Counter[str] = Counter()
        self.faults: list[str] = []
        self.answers: dict[tuple[str, tuple[str, ...], str], set[str]] = defaultdict(set)
        self.kept: dict[str, dict[str, object]] = {}

    @property
    def is_over(self) -> bool:
        """Whether the time is over, as many are answered as are wanted, and the library has been changed in each way."""
        if len(self.faults) > MOST_FAULTS:
            return True
        enough = len(self.seconds) >= self.wanted and self.library_is_done.is_set()
        return enough and time.monotonic() >= self.until

    def visit(self, seed: int) -> None:
        """Ask and read until it is over."""
        drawn = random.Random(seed)
        page = PageVisitor(self.port) if seed % 5 == 4 else None
        asked: list[str] = []
        time.sleep(drawn.uniform(0, self.think[1]))
        while not self.is_over:
            first, second = drawn.choice(ASKED)
            questions = [(first, ()), *([(second, (first,))] if drawn.random() < 0.5 else [])]
            for question, history in [*questions, *([(ABOUT_WORK, ())] if drawn.random() < 0.1 else [])]:
                if page is None:
                    self.ask(question, history)
                else:
                    asked.append(question)
                    self.ask_on_page(page, asked)
                time.sleep(drawn.uniform(*self.think))

    def ask_on_page(self, page: PageVisitor, asked: list[str]) -> None:
        """The last of a visitor's questions; all of them, and nobody else's, must stand in the conversation."""
        began = time.monotonic()
        try:
            told = page.ask(asked[-1])
        except (Refused, OSError, http.client.HTTPException) as error:
            with self.lock:
                self.faults.append(f"on the page: {type(error).__name__}: {error}")
            return
        messages = [(message["role"], message["content"][0]["text"]) for message in told.values[0]]
        with self.lock:
            self.places += told.places
            self.page_seconds.append(time.monotonic() - began)
            if [text for role, text in messages if role == "user"] != asked:
                self.faults.append(f"the page shows {messages} to whom has asked {asked}")
            if 'class="aj-error"' in messages[-1][1]:
                asked.pop()
                self._refuse(messages[-1][1])

    def _refuse(self, said: str) -> None:
        if "wait" in said:
            self.refused.update([said[:80]])
        else:
            self.faults.append(said[:200])

    def ask(self, question: str, history: tuple[str, ...]) -> None:
        """Ask once, and check what can be checked at once."""
        began = time.monotonic()
        try:
            status, told = call(self.port, "ask", [question, list(history), [], []])
        except (OSError, http.client.HTTPException) as error:
            with self.lock:
                self.faults.append(f"{type(error).__name__}: {error}")
            return
        took = time.monotonic() - began
        with self.lock:
            if status != 200 or "error" in told:
                said = str(told.get("error") or told)
                self._refuse(said if "wait" in said else f"{status}: {said}")
                return
            answer = json.loads(told["data"][0])
            self.seconds.append(took)
            if answer["question"] != question:
                self.faults.append(f"asked {question!r}, answered {answer['question']!r}")
            cited = [[c["quote"], c["start"], c["document_sha256"]] for s in answer["sentences"] for c in s["citations"]]
            state = answer["index_fingerprint"]
            self.answers[question, history, state].add(json.dumps([answer["reason"], cited], ensure_ascii=False))
            self.kept[json.dumps([question, history, state, cited])] = answer


def memory_of(process: int) -> float:
    """Megabytes that a process holds."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def wait_until_ready(port: int, server: subprocess.Popen[bytes], minutes: int = 10) -> None:
    """Until the page answers that it is ready."""
    for _ in range(minutes * 300):
        if server.poll() is not None:
            raise SystemExit("The server has ended.")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if json.loads(connection.getresponse().read())["status"] == "ready":
                return
        except (OSError, ValueError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise SystemExit(f"The server is not ready after {minutes} minutes.")


def main() -> None:
    """Serve, use, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--answers", type=int, default=0, help="go on after the minutes until so many are answered")
    parser.add_argument("--think", nargs=2, type=float, default=(5.0, 15.0), help="seconds that a user reads an answer")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two changes of the library")
    parser.add_argument("--port", type=int, default=7931)
    parser.add_argument(
        "--index", type=Path, help="an index of the notes, whose vectors are taken instead of embedding them anew"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="askjapan-load-") as name:
        result = load(Path(name), given)
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.exit(1 if result["faults"] else 0)


def load(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """The whole run in a folder; what it found."""
    home = folder / "home"
    (home / "corpus" / "works").mkdir(parents=True)
    shutil.copytree(ROOT / "corpus" / "notes", home / "corpus" / "notes")
    shutil.copy(ROOT / "corpus" / "catalogue.toml", home / "corpus")
    if given.index is not None:
        shutil.copytree(given.index, home / "index")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ASKJAPAN_")}
    env = {
        **inherited,
        "ASKJAPAN_HOME": str(home),
        "ASKJAPAN_CONVERSATIONS": str(folder / "conversations.sqlite3"),
        "ASKJAPAN_RATE_LIMIT": "0",
        "ASKJAPAN_QUEUE_EACH": "100",
    }
    subprocess.run([sys.executable, "-m", "askjapan", "index"], env=env, check=True, capture_output=True)
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "askjapan", "serve", "--port", str(given.port)], env=env, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_until_ready(given.port, server)
            seen = Visitors(given.port, time.monotonic() + given.minutes * 60, given.answers, tuple(given.think))
            changes: Counter[str] = Counter()
            changing = threading.Thread(target=change_library, args=(home, folder / "inbox", seen, given.every, changes))
            memory, longest = use(server.pid, seen, given.users, changing)
        finally:
            server.terminate()
    faults = [*seen.faults, *(f"nothing was {kind}" for kind in KINDS if not changes[kind])]
    faults += [f"{len(kinds)} different answers to {key[:2]}" for key, kinds in seen.answers.items() if len(kinds) > 1]
    folders = [home / "corpus", folder / "inbox"]
    checked = 0
    for answer in seen.kept.values():
        verdicts = verify([answer], folders)
        checked += len(verdicts)
        faults += [f"{verdict.status}: {verdict.detail}" for verdict in verdicts if verdict.status != "ok"]
    times = sorted(seen.seconds + seen.page_seconds)
    return {
        "users": given.users,
        "seconds": round(time.monotonic() - seen.until + given.minutes * 60),
        "answers by the API": len(seen.seconds),
        "answers on the page": len(seen.page_seconds),
        "different answers, each verified": len(seen.kept),
        "citations verified": checked,
        "longest line that waited": longest,
        "times that a page told a place in the line": len(seen.places),
        "highest place told": max(seen.places, default=0),
        "load average (1, 5, 15 minutes) at the end": [round(number, 1) for number in os.getloadavg()],
        "refused by the queue": dict(seen.refused),
        "p50 s": round(statistics.median(times), 2) if times else None,
        "p95 s": round(times[int(len(times) * 0.95)], 2) if times else None,
        "changes of the library": dict(changes),
        "memory MB by answers": memory,
        "faults": faults[:50],
    }


def use(process: int, seen: Visitors, users: int, changing: threading.Thread) -> tuple[dict[int, int], int]:
    """All users at once, with the library changing under them; the server's memory by the number of answers, and the longest line."""
    longest = 0
    threads = [*(threading.Thread(target=seen.visit, args=(seed,)) for seed in range(users)), changing]
    memory = {0: round(memory_of(process))}
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(2)
        memory[len(seen.seconds) + len(seen.page_seconds)] = round(memory_of(process))
        longest = max(longest, waiting(seen.port))
    return memory, longest


def waiting(port: int) -> int:
    """How many questions wait to be answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/healthz")
        return int(json.loads(connection.getresponse().read())["waiting"])
    except (OSError, ValueError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    main()
