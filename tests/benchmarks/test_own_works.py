"""Our questions on invented works: what counts as right, and the figures."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.support.benchmark_scripts import script
from training.own_questions import Group, Question

TEXT = "灯台の町\n\n灯台は1907年に建てられた。町の鐘は鉄でできている。\n\n市場では毎週土曜日に魚が売られる。\n"


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


@pytest.fixture
def own_works() -> ModuleType:
    return script("own_works")


@pytest.mark.model
def test_questions_on_a_work_in_japanese(own_works: ModuleType, tmp_path: Path) -> None:
    whole = (0, len(TEXT))
    known = place("灯台は1907年に建てられた。")
    questions = (
        Question(
            "When was the lighthouse built?", "number", "000.txt", (known,), whole, place("1907年"), "灯台は何年に建てられたか"
        ),
        # Half of the evidence is elsewhere: no answer holds it.
        Question("", "factoid", "000.txt", (known, place("毎週土曜日に魚が売られる")), whole, None, "灯台はいつ建てられたか"),
        Question("", "number", "000.txt", (), whole, None, "空港は何年に建てられたか"),
    )
    group = Group("japanese-0", {"000.txt": TEXT}, questions)
    outcomes = own_works.asked([group], tmp_path, "ja")
    assert [(one.answerable, one.right) for one in outcomes] == [(True, True), (True, False), (False, False)]
    assert outcomes[0].words > 0


def test_the_figures_of_outcomes(own_works: ModuleType) -> None:
    outcome = own_works.Outcome
    outcomes = [
        outcome(True, True, False, 0.9, 10), outcome(True, True, True, 0.2, 0), outcome(True, False, False, 0.8, 30),
        outcome(False, False, True, 0.1, 0), outcome(False, False, False, 0.5, 20),
    ]  # fmt: skip
    assert own_works.figures(outcomes) == {
        "answered": 3, "near misses": 2, "right": 0.333, "right, nothing refused": 0.667, "refused wrongly": 0.333,
        "refused rightly": 0.5, "AUROC": 0.833, "words": 20,
    }  # fmt: skip
