"""The ten questions beside the project – acronyms, dates, two parts, a negation, slips, a synonym – are answered as is expected there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.settings import Settings

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "faults" / "questions"


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.skipif(not FOLDER.is_dir(), reason="the questions are not beside the project")
def test_each_is_answered_as_expected(tmp_path: Path) -> None:
    build([FOLDER], tmp_path / "index", minilm(), catalogue=tmp_path / "none.toml", multilingual=multilingual())
    assistant = Assistant.open(settings=Settings(home=tmp_path, index=tmp_path / "index", corpus=[FOLDER]))
    cases = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["qa"]
    expected = ""
    missed = []
    for case in cases:
        expected = expected if case["expected"] == "same" else case["expected"]
        answer = assistant.ask(case["question"])
        said = " ".join([answer.short, *(sentence.text for sentence in answer.sentences)])
        wanted = [part.strip(" ()") for part in re.split(r"[;(]", expected)]
        if not answer.answered or not all(part in said for part in wanted):
            missed.append((case["question"], answer.outcome, said))
    assert len(cases) == 10
    assert missed == []
