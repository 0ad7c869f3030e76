"""No sentence of the five works stands in the repository: facts carry over, sentences do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHECKER = ROOT.parent / "shared" / "tools" / "overlap.py"


@pytest.mark.shared
@pytest.mark.skipif(not CHECKER.is_file(), reason="the full texts are not beside the project")
def test_no_run_of_ten_words_of_the_works() -> None:
    ran = subprocess.run([sys.executable, str(CHECKER)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (0, "0 runs of 10 words or more\n")
