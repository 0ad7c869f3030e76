"""Many people at one served page: questions and follow-ups from all, works added and removed and one rebuild meanwhile.

    python benchmarks/load.py --users 50 --minutes 5
    python benchmarks/load.py --users 8 --minutes 1 --answers 2000

A page is served on loopback, over a home of its own with the shipped notes. Each user asks one question after another through the documented
API, some of them as follow-ups. Every answer is checked: that it answers the question that was asked, that one question always has the
same quotes from one state of the index, and that all citations resolve in the files. Times, refusals of the full queue and
the server's memory are printed as JSON; the exit code is 1 if anything was wrong.
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
WORK = "Ferries of Kujira\n\nThe ferry to Kujira carries {number} cars and leaves at dawn from the northern pier.\n"
ABOUT_WORK = "How many cars does the ferry to Kujira carry?"


class Visitors:
    """The simulated users and what they saw."""

    def __init__(self, port: int, until: float, answers: int) -> None:
        self.port = port
        self.until = until
        self.wanted = answers
        self.lock = threading.Lock()
        self.seconds: list[float] = []
        self.refused: Counter[str] = Counter()
        self.faults: list[str] = []
        self.answers: dict[tuple[str, tuple[str, ...], str], set[str]] = defaultdict(set)
        self.kept: dict[str, dict[str, object]] = {}
        self.changes: list[str] = []

    def visit(self, seed: int) -> None:
        """Ask until the time is over, and as many are answered as are wanted."""
        drawn = random.Random(seed)
        while time.monotonic() < self.until or len(self.seconds) < self.wanted:
            if len(self.faults) > MOST_FAULTS:
                return
            first, second = drawn.choice(ASKED)
            self.ask(first, ())
            if drawn.random() < 0.5:
                self.ask(second, (first,))
            if drawn.random() < 0.1:
                self.ask(ABOUT_WORK, ())
            time.sleep(drawn.uniform(0, 2))

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
                (self.refused.update([said[:80]]) if "wait" in said else self.faults.append(f"{status}: {said[:200]}"))
                return
            answer = json.loads(told["data"][0])
            self.seconds.append(took)
            if answer["question"] != question:
                self.faults.append(f"asked {question!r}, answered {answer['question']!r}")
            cited = [[c["quote"], c["start"], c["document_sha256"]] for s in answer["sentences"] for c in s["citations"]]
            state = answer["index_fingerprint"]
            self.answers[question, history, state].add(json.dumps([answer["reason"], cited], ensure_ascii=False))
            self.kept[json.dumps([question, history, state, cited])] = answer


def call(port: int, name: str, data: list[object]) -> tuple[int, dict[str, object]]:
    """One of the documented functions, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("POST", f"/gradio_api/run/{name}", json.dumps({"data": data}), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        body = reply.read()
        return reply.status, json.loads(body) if body.startswith(b"{") else {"error": body.decode("utf-8", "replace")}
    finally:
        connection.close()


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


def change_works(home: Path, until: float, env: dict[str, str], told: list[str]) -> None:
    """Add a work, add another, remove the first, and so on, each with its build; once all is built anew."""
    number = 0
    while time.monotonic() < until:
        number += 1
        path = home.parent / "inbox" / f"ferries-{number}.txt"
        path.write_text(WORK.format(number=number + 40), encoding="utf-8")
        commands = [["add", str(path)], ["remove", path.name]] if number % 3 else [["index"]]
        for command in commands:
            ran = subprocess.run(
                [sys.executable, "-m", "askjapan", *command], env=env, capture_output=True, encoding="utf-8", check=False
            )
            told.append(f"{command[0]}: {ran.returncode}" + (f" {ran.stderr[-300:]}" if ran.returncode else ""))
            time.sleep(max(0.0, min(20.0, until - time.monotonic())))


def main() -> None:
    """Serve, use, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--answers", type=int, default=0, help="go on after the minutes until so many are answered")
    parser.add_argument("--port", type=int, default=7931)
    parser.add_argument(
        "--index", type=Path, help="an index of the notes, whose vectors are taken instead of embedding them anew"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="askjapan-load-") as name:
        result = load(Path(name), given.users, given.minutes * 60, given.answers, given.port, given.index)
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.exit(1 if result["faults"] else 0)


def load(folder: Path, users: int, seconds: float, answers: int, port: int, index: Path | None = None) -> dict[str, object]:
    """The whole run in a folder; what it found."""
    home = folder / "home"
    (home / "corpus" / "works").mkdir(parents=True)
    (folder / "inbox").mkdir()
    shutil.copytree(ROOT / "corpus" / "notes", home / "corpus" / "notes")
    shutil.copy(ROOT / "corpus" / "catalogue.toml", home / "corpus")
    if index is not None:
        shutil.copytree(index, home / "index")
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
            [sys.executable, "-m", "askjapan", "serve", "--port", str(port)], env=env, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_until_ready(port, server)
            seen, memory, longest = use(home, server.pid, Visitors(port, time.monotonic() + seconds, answers), users, env)
        finally:
            server.terminate()
    changes = seen.changes
    faults = [*seen.faults, *(change for change in changes if not change.endswith(": 0"))]
    faults += [f"{len(kinds)} different answers to {key[:2]}" for key, kinds in seen.answers.items() if len(kinds) > 1]
    folders = [home / "corpus", folder / "inbox"]
    checked = 0
    for answer in seen.kept.values():
        verdicts = verify([answer], folders)
        checked += len(verdicts)
        faults += [f"{verdict.status}: {verdict.detail}" for verdict in verdicts if verdict.status != "ok"]
    times = sorted(seen.seconds)
    return {
        "users": users,
        "seconds": round(seconds),
        "answers": len(times),
        "different answers, each verified": len(seen.kept),
        "citations verified": checked,
        "longest line that waited": longest,
        "load average (1, 5, 15 minutes) at the end": [round(number, 1) for number in os.getloadavg()],
        "refused by the queue": dict(seen.refused),
        "p50 s": round(statistics.median(times), 2) if times else None,
        "p95 s": round(times[int(len(times) * 0.95)], 2) if times else None,
        "changes of the library": dict(Counter(change.partition(":")[0] for change in changes)),
        "memory MB by answers": memory,
        "faults": faults[:50],
    }


def use(home: Path, process: int, seen: Visitors, users: int, env: dict[str, str]) -> tuple[Visitors, dict[int, int], int]:
    """All users at once, with the library changing under them; the server's memory by the number of answers, and the longest line."""
    longest = 0
    threads = [threading.Thread(target=seen.visit, args=(seed,)) for seed in range(users)]
    threads.append(threading.Thread(target=change_works, args=(home, seen.until, env, seen.changes)))
    memory = {0: round(memory_of(process))}
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(5)
        memory[len(seen.seconds)] = round(memory_of(process))
        longest = max(longest, waiting(seen.port))
    return seen, memory, longest


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
