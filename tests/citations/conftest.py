"""Files to cite, with pages and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.citations import HARBOUR


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "corpus" / "harbour.md"
    path.parent.mkdir()
    path.write_bytes(HARBOUR.encode())
    return path
