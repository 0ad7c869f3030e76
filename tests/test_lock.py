"""The lock file: every package that is asked for is in it, in a version that the bounds allow, and it names no index."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from tests.support.commands import ROOT
from tests.support.locked import asked_for

LINES = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_each_line_is_a_package_in_one_version() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    names = [line.partition("==")[0] for line in LINES]
    assert sorted(set(names)) == names


def test_what_is_asked_for_is_locked_within_its_bounds() -> None:
    asked = asked_for()
    locked = dict(line.split("==") for line in LINES)
    assert len(asked) > 50
    assert {str(want) for want in asked if canonicalize_name(want.name) not in locked} == set()
    assert {str(want) for want in asked if locked[canonicalize_name(want.name)] not in want.specifier} == set()
