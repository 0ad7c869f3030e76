"""Tables in Markdown, the machine in plain words, and the docs page that the benchmarks write into."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
CACHE = ROOT / "build" / "bench"
"""Not under a hidden folder: LlamaIndex's reader passes those over."""


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its cells hold no line breaks, and a bar in one is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def machine() -> str:
    """Cores, memory, system and processor family; no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {system}"


def with_block(page: str, name: str, block: str) -> str:
    """The page with what stands between the markers of a name replaced.

    Raises:
        ValueError: a marker is missing.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in page or end not in page:
        raise ValueError(f"{begin} … {end} is missing.")
    return page[: page.index(begin) + len(begin)] + f"\n{block}\n" + page[page.index(end) :]


def write_block(page: Path, name: str, block: str) -> None:
    """Put a block into the docs page; what a person wrote around it stays."""
    page.write_text(with_block(page.read_text(encoding="utf-8"), name, block), encoding="utf-8")


def kept(path: Path, key: Mapping[str, Any]) -> dict[str, Any] | None:
    """An earlier result, if it was made with the same key; None otherwise, and for a file that was cut off."""
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return None
    return dict(stored["result"]) if stored["key"] == dict(key) else None


def keep(path: Path, key: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Save a result whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"key": dict(key), "result": dict(result)}, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def range_of_dates(dates: Sequence[str]) -> str:
    """One date, or the first and the last."""
    ordered = sorted(set(dates))
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"
