"""The scripts in `benchmarks/` as modules, and a small public set."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.benchmark_scripts import BENCHMARKS, script


@pytest.fixture
def data() -> ModuleType:
    return script("public_data")


@pytest.fixture
def compare() -> ModuleType:
    return script("compare")


@pytest.fixture(scope="module", autouse=True)
def scripts_beside_each_other() -> Iterator[None]:
    """The scripts import each other by name, as they do when one of them is run; nothing of it is left afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == BENCHMARKS:
            del sys.modules[name]
