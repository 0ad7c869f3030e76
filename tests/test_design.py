"""The page on the design names files and rooms that are there, and says of each change where it belongs."""

from __future__ import annotations

import re

from tests.support.commands import ROOT, SOURCE

PACKAGE = SOURCE / "askjapan"


def test_the_files_that_the_design_names_are_there() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+(?:\.(?:py|toml|json)|/))`", page))
    assert len(named) > 40
    assert {name for name in named if not any((folder / name).exists() for folder in (PACKAGE, ROOT))} == set()
    rooms = set(re.findall(r"`([\w/]+)/`", page.partition("## Where to change what")[0]))
    assert rooms - {"tests/support"} == {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*/__init__.py")}


def test_the_table_of_changes_names_files_and_what_stands_in_them() -> None:
    table = (
        (ROOT / "docs" / "design.md").read_text(encoding="utf-8").partition("## Where to change what")[2].partition("\n## ")[0]
    )
    rows = [line.strip("| \n").split(" | ") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 12
    for change, what, where in rows:
        named = [name for name in re.findall(r"`([^`]+)`", f"{what} {where}") if "/" in name or "." in name]
        paths = [path for name in named for path in (PACKAGE / name, ROOT / name) if path.exists()]
        assert len(paths) == len(named), change
        text = "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
        assert [name for name in re.findall(r"`(\w+)`", where) if name not in text] == [], change


def test_a_name_beside_a_file_is_defined_in_that_file() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    beside = re.findall(r"`([\w/]+\.py)` \((`\w+`(?:, `\w+`)*)\)", page)
    assert len(beside) >= 8
    for path, names in beside:
        text = (PACKAGE / path if (PACKAGE / path).exists() else ROOT / path).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^\s*(?:def|class) {name}\b|^\s*{name}\b *[:=]", text, re.MULTILINE), f"{name} in {path}"
