"""The project's folders, and Python run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
SUPPORT = Path(__file__).parent


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


def in_subprocess(*arguments: object, home: Path, cwd: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package on its path, in an environment without any other setting."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ASKJAPAN_")}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**inherited, "PYTHONPATH": str(SOURCE), "ASKJAPAN_HOME": str(home), "PYTHONUTF8": "1", **environment},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
