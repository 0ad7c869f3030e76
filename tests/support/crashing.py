"""Kills askjapan at random moments of build, swap, add and remove, looks at what is left, and mends it.

    python -m tests.support.crashing --kills 100

Each kill is a SIGKILL to a process of its own that works on a small corpus of its own with a stand-in for the encoder: half of them before a
file operation drawn from all that the command makes, half at a moment drawn from the time that it takes. What is counted is printed
as JSON; the exit code is 1 if anything was lost, doubled, answered wrongly, ended in a traceback or could not be mended.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from askjapan import assistant
from askjapan.answering import judgement
from askjapan.citations.answer_files import load_answers
from askjapan.citations.verify import verify as check_citations
from askjapan.cli import main as run_command
from askjapan.index import build as _loaded  # noqa: F401 - so that no child has to
from askjapan.index.encoders.minilm import MiniLM
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.works.journal import Journal
from askjapan.index.works.mending import half_built, mend
from askjapan.index.works.unindexed import left_over, unindexed
from askjapan.settings import load_settings
from tests.support.fakes import HashEncoder, WordReader, generous_model, no_reader
from tests.support.places import LANTERNS, Place, make_place

OPERATIONS = ("build", "swap", "add", "remove")
KELP = "Rausu sold 900 tons of kelp to Pusan in 1987. The cooperative kept the accounts in a tea chest.\n"
BELLS = "Bells of Onagawa\n\nThe bell foundry of Onagawa cast 14 bells for Macau in 1909. Two of them still ring.\n"
SALT = "Salt roads\n\nThe salt works of Ako shipped 62 barrels to Kobe in 1874. The barrels were made of cedar.\n"
ASKED = {
    "kelp.txt": "How many tons of kelp did Rausu sell to Pusan in 1987?",
    "bells.txt": "How many bells did the foundry of Onagawa cast for Macau in 1909?",
    "lanterns.txt": "How much did Hoshino spend on exchanges with foreign towns in 1998?",
}
NEW, VICTIM = "salt.txt", "bells.txt"
FACTS = json.dumps({"format": "askjapan facts 1", "title": {"value": "The Bells", "from": "you"}})
WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")


def use_stand_ins() -> None:
    """Put small stand-ins in the place of the models, as the tests do."""
    for name in (name for name in vars(HashEncoder) if not name.startswith("__")):
        setattr(MiniLM, name, vars(HashEncoder)[name])
    assistant.reader = WordReader  # type: ignore[assignment]
    assistant.reader_of_japanese = no_reader  # type: ignore[assignment]
    judgement.answer_model = generous_model


def in_child(home: Path, work: Callable[[], object], *, killed_after: float = 0.0) -> tuple[int, str]:
    """Do something in a fork of this process; its wait status and what it returned. Nothing may have started threads here before."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        code = 1
        try:
            os.environ.update(
                ASKJAPAN_HOME=str(home),
                ASKJAPAN_MULTILINGUAL="false",
                ASKJAPAN_THRESHOLD="0",
                ASKJAPAN_CONVERSATIONS=str(home / "conversations.sqlite3"),
            )
            told = json.dumps(work())
            code = 0
        except BaseException:
            told = json.dumps(traceback.format_exc())
        with os.fdopen(writing, "w") as pipe:
            pipe.write(told)
        os._exit(code)
    os.close(writing)
    if killed_after:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    return os.waitpid(child, 0)[1], told


def run(*arguments: object) -> tuple[int, str, str]:
    """A command, in this process: its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            run_command([str(argument) for argument in arguments])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def command(operation: str, place: Place) -> tuple[object, ...]:
    """What is killed."""
    return {"add": ("add", place.home.parent / NEW), "remove": ("remove", VICTIM)}.get(operation, ("index",))


def watched(operation: str, place: Place, kill_at: int) -> int:
    """Run an operation; before its file operation of that number, the process kills itself. Gives how many there were."""
    seen, swapping = 0, operation != "swap"

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen, swapping
        if event not in WATCHED or not str(arguments[0]).startswith(str(place.home)):
            return
        swapping = swapping or (event == "os.rename" and ".building-" in str(arguments[0]))
        if swapping:
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    code, _, err = run(*command(operation, place))
    assert code == 0, err
    return seen


def contents(place: Place) -> dict[str, str]:
    """The visible files among the works, by name, each with a hash of what it holds."""
    files = [path for path in place.works.iterdir() if path.is_file() and not path.name.startswith(".")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def faults_in_files(operation: str, before: dict[str, str], after: dict[str, str], new: str) -> list[str]:
    """What of the user's files is lost, changed, half there or doubled. What is kept beside a work may be in motion with it."""
    moving = {"add": NEW, "remove": VICTIM}.get(operation, "")
    faults = [f"{name} is lost" for name in before if name not in after and not (moving and name.startswith(moving))]
    faults += [f"{name} has changed" for name in before if name in after and before[name] != after[name]]
    come = {name: digest for name, digest in after.items() if name not in before}
    faults += [f"{name} came" for name in come if not (operation == "add" and name.startswith(NEW))]
    faults += [f"{name} is half there" for name, digest in come.items() if name == NEW and digest != new]
    if list(after.values()).count(new) > 1:
        faults.append(f"{NEW} is doubled")
    if operation == "remove" and VICTIM in after and f"{VICTIM}.facts.json" not in after:
        faults.append(f"{VICTIM} is there without its facts")
    return faults


def ask_all(place: Place) -> dict[str, object]:
    """Ask about every work: an answer must verify against the files, unless it was told that the index is behind them."""
    found: dict[str, object] = {"answers": 0, "sentences": 0, "faults": []}
    faults: list[str] = []
    for name, question in ASKED.items():
        code, out, err = run("ask", question, "--json")
        if code:
            found["sentences"] = int(str(found["sentences"])) + 1
            if err.count("\n") != 1 or not err.rstrip().endswith("."):
                faults.append(f"no sentence: {err}")
            continue
        found["answers"] = int(str(found["answers"])) + 1
        kept = place.home / "answer.json"
        kept.write_text(out, encoding="utf-8")
        verdicts = check_citations(load_answers(kept), [place.corpus])
        wrong = [verdict for verdict in verdicts if verdict.status != "ok"]
        if wrong and "not up to date" not in err:
            faults.append(f"{name}: {wrong[0].status} {wrong[0].detail}")
    return {**found, "faults": faults}


def settle(operation: str, place: Place, before: dict[str, str], new: str) -> list[str]:
    """Mend, finish the operation, and say what is not as it should be then."""
    settings = load_settings()
    mend(settings)
    faults = [f"{entry.path} is left over" for entry in left_over(settings.corpus_folders)]
    faults += [f"{path} is left over" for path in half_built(settings.index_folder)]
    faults += [f"{entry} is left over" for entry in Journal(settings.works).pending()]
    there = contents(place)
    if operation == "add" and NEW not in there:
        run(*command("add", place))
    elif operation == "remove" and VICTIM in there:
        run(*command("remove", place))
    code, _, err = run("index")
    if code:
        return [*faults, f"the build after it failed: {err}"]
    wanted = dict(before)
    if operation == "add":
        wanted[NEW] = new
    if operation == "remove":
        wanted = {name: digest for name, digest in before.items() if not name.startswith(VICTIM)}
    if contents(place) != wanted:
        faults.append(f"in the end there are {sorted(contents(place))}")
    faults += [
        f"{entry.path} is not in the index"
        for entry in unindexed(settings.corpus_folders, settings.works, read_manifest(place.index))
    ]
    indexed = {Path(document.path).name for document in read_manifest(place.index).documents} - {"lanterns.md", "tea.md"}
    works = {name for name in wanted if name.endswith(".txt")}
    if indexed != works:
        faults.append(f"the index holds {sorted(indexed)} of {sorted(works)}")
    return faults


def template(folder: Path) -> Place:
    """A home with an index over three works, one of them with facts beside it, and a file outside that can be added."""
    place = make_place(folder / "home")
    for name, text in (("kelp.txt", KELP), ("bells.txt", BELLS), ("lanterns.txt", LANTERNS)):
        (place.works / name).write_text(text, encoding="utf-8")
    (place.works / "bells.txt.facts.json").write_text(FACTS, encoding="utf-8")
    (folder / NEW).write_text(SALT, encoding="utf-8")
    status, told = in_child(place.home, lambda: run("index"))
    assert status == 0, told
    assert json.loads(told)[0] == 0, told
    return place


def crash(kills: int, seed: int, folder: Path) -> dict[str, object]:
    """Kill so many times, and count."""
    drawn = random.Random(seed)
    # An index knows its files by their whole paths, so every trial is in the same place.
    trial = folder / "trial"
    shutil.copytree(template(trial).home.parent, folder / "kept")
    new = hashlib.sha256(SALT.encode()).hexdigest()
    counts: Counter[str] = Counter()
    faults: list[str] = []
    calls: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for operation in OPERATIONS:
        place = _copied(folder / "kept", trial, operation)
        began = time.monotonic()
        status, told = in_child(place.home, lambda place=place, operation=operation: watched(operation, place, 0))
        assert status == 0, told
        calls[operation], seconds[operation] = int(told), time.monotonic() - began
    for number in range(kills):
        operation = OPERATIONS[number % len(OPERATIONS)]
        place = _copied(folder / "kept", trial, operation)
        before = contents(place)
        at = drawn.randint(1, calls[operation]) if number % 8 < 4 or operation == "swap" else 0
        after = 0.0 if at else drawn.uniform(0.001, seconds[operation])
        status, told = in_child(
            place.home, lambda place=place, operation=operation, at=at: watched(operation, place, at), killed_after=after
        )
        killed = os.WIFSIGNALED(status)
        counts[f"{operation}: {'killed' if killed else 'had ended already'}"] += 1
        where = f"{operation}, kill {number} ({f'file operation {at}' if at else f'{after:.3f} s'})"
        if not killed and status:
            faults.append(f"{where}: {told}")
        faults += [f"{where}: {fault}" for fault in faults_in_files(operation, before, contents(place), new)]
        status, told = in_child(place.home, lambda place=place: ask_all(place))
        if status:
            faults.append(f"{where}: {told}")
        else:
            asked = json.loads(told)
            counts["questions answered and verified"] += asked["answers"]
            counts["questions met with a sentence"] += asked["sentences"]
            faults += [f"{where}: {fault}" for fault in asked["faults"]]
        status, told = in_child(
            place.home, lambda place=place, operation=operation, before=before: settle(operation, place, before, new)
        )
        faults += [f"{where}: {told}"] if status else [f"{where}: {fault}" for fault in json.loads(told)]
    return {"kills": kills, "seed": seed, "counts": dict(sorted(counts.items())), "faults": faults}


def _copied(kept: Path, folder: Path, operation: str) -> Place:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
    place = Place(folder / "home")
    if operation in ("build", "swap"):
        # Something to do for the build, which the old index does not know.
        (place.works / "ropes.txt").write_text(BELLS.replace("bells", "ropes").replace("Onagawa", "Sakata"), encoding="utf-8")
    return place


def main() -> None:
    """Parse, kill, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    use_stand_ins()
    with tempfile.TemporaryDirectory(prefix="askjapan-crashes-") as folder:
        result = crash(given.kills, given.seed, Path(folder))
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.exit(1 if result["faults"] else 0)


if __name__ == "__main__":
    main()
