"""The scripts in `benchmarks/`, loaded as modules."""

from __future__ import annotations

import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

from askjapan.evaluation.questions import Question

ROOT = Path(__file__).resolve().parents[2]


BENCHMARKS = ROOT / "benchmarks"


def script(name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def question(**given: Any) -> Question:
    given = {"works": ("000",), "answer_any": (("blue",), ("1961",))} | given
    return Question(id="q", text="When was the blue ferry built?", language="en", type="factoid", **given)


def passages(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"file": file, "text": text} for file, text in pairs]
