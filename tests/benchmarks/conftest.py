"""The scripts in `benchmarks/` as modules, and a small public set."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.support.benchmark_scripts import script


@pytest.fixture
def data() -> ModuleType:
    return script("public_data")


@pytest.fixture
def compare() -> ModuleType:
    return script("compare")
