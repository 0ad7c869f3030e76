"""The commands across all works, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from askjapan import check
from askjapan.citations.drafts import draft_check
from askjapan.index.build import build
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place

Askjapan = Callable[..., Ran]
MONEY = "How much did Hoshino spend on exchanges with foreign towns in 1998?"

pytestmark = pytest.mark.usefixtures("fake_model")


@pytest.fixture
def built(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home folder with the full text of one work, the note on the other, and their index."""
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place


def test_mentions(askjapan: Askjapan, built: Place) -> None:
    ran = askjapan("mentions", "town")
    assert (ran.code, ran.err) == (0, "")
    # "The lantern towns", "the town", "the towns", "foreign towns".
    assert ran.out.startswith("“town”: 4 mentions in 1 of 2 works.\nWritten towns (3), town (1).\n\n    4  Sachi Morikawa, ")
    assert ran.out.count("[town") == 4
    counted = askjapan("mentions", "town", "--counts").out
    assert counted.startswith("“town”: 4 mentions")
    assert "[town" not in counted
    assert askjapan("mentions", '"town"').out.startswith("“town”: 1 mention in 1 of 2 works.\n")
    assert askjapan("mentions", "town", "--exact").out == askjapan("mentions", '"town"').out
    data = json.loads(askjapan("mentions", "town", "--json").out)
    rows = list(csv.DictReader(io.StringIO(askjapan("mentions", "town", "--csv").out.removeprefix("\ufeff"))))
    assert data["count"] == len(rows) == 4
    assert [LANTERNS[int(row["start"]) : int(row["end"])] for row in rows] == [row["mention"] for row in rows]
    assert askjapan("mentions", "town", "--document", "aoba-tea-note").out.startswith("“town”: 0 mentions in 0 of 1 work.\n")
    assert askjapan("mentions", "?!") == Ran(
        1,
        "",
        "'?!' is no term that could be looked for. Give a word or phrase of at most 200 characters, with at most three `*`.\n",
    )


def test_matrix(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    ran = askjapan("matrix", MONEY)
    assert ran.code == 0
    assert ran.out.startswith(f"{MONEY}\n\n")
    assert (
        "    “Hoshino spent 312 million yen on exchanges with foreign towns in 1998.”\n    [§ 2. What the towns spent]\n"
        in ran.out
    )
    assert json.loads(askjapan("matrix", MONEY, "--json").out)["questions"] == [MONEY]
    assert askjapan("matrix", MONEY, "--to", "markdown").out.startswith(f"| Work | {MONEY} |\n| --- | --- |\n")
    assert askjapan("matrix", MONEY, "--to", "csv").out.startswith(f"\ufeffid,work,{MONEY},where,confidence\r\n")
    for name, begins in (("m.xlsx", b"PK"), ("m.csv", b"\xef\xbb\xbfid,work"), ("m.md", b"| Work |"), ("m.json", b"{")):
        assert askjapan("matrix", MONEY, "--output", tmp_path / name).out == f"Wrote {tmp_path / name}.\n"
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_matrix_failures(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    ran = askjapan("matrix", MONEY, "--to", "xlsx")
    assert ran.code == 2
    assert "xlsx goes into a file: add --output FILE.xlsx" in " ".join(ran.err.split())
    ran = askjapan("matrix", MONEY, "--output", tmp_path / "none" / "m.csv")
    assert ran.code == 1
    assert ran.err.endswith(f"{tmp_path / 'none' / 'm.csv'} cannot be written: No such file or directory. Name another file.\n")
    assert askjapan("matrix", " ").err.endswith("No question was given. Give one or several questions.\n")


def test_check(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "“Forty lanterns were sent by ship” and “Hoshino spent 321 million yen on exchanges” (p. 3),\n\n> nothing like this at all\n",
        encoding="utf-8",
    )
    ran = askjapan("check", draft)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == "3 quotations: 1 exact, 1 altered, 1 not found."
    assert "321 → 312" in ran.out
    data = json.loads(askjapan("check", draft, "--json").out)
    assert (data["format"], data["sound"], data["draft"]) == ("askjapan draft check 1", False, "draft.md")
    assert [one["status"] for one in data["quotations"]] == ["exact", "altered", "not found"]
    assert (
        askjapan("check", draft, "--csv").out.splitlines()[0]
        == "\ufeffline,status,quotation,pages given,where it stands,difference"
    )
    draft.write_text("“Forty lanterns were sent by ship” is all, of ‘soft power’.", encoding="utf-8")
    ran = askjapan("check", draft)
    assert (ran.code, ran.out.splitlines()[-1]) == (
        0,
        "1 quotation: 1 exact. 1 short expression in quotation marks stands in no work.",
    )
    draft.write_text("Nothing is quoted.", encoding="utf-8")
    assert askjapan("check", draft) == Ran(0, "0 quotations.\n", "")
    ran = askjapan("check", tmp_path / "none.docx")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("none.docx cannot be opened")


def test_check_says_what_its_time_did_not_suffice_for(
    askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    timed = partial(draft_check.check_quotations, clock=lambda: float(next(seconds)))
    monkeypatch.setattr(draft_check, "check_quotations", timed)
    monkeypatch.setenv("ASKJAPAN_CHECK_SECONDS", "1")
    draft = tmp_path / "draft.md"
    draft.write_text("Text.\n\n“Forty lanterns were sent by ship”\n\n“Hoshino spent 321 million yen”\n", encoding="utf-8")
    told = (
        "The time of a check was over: 2 quotations from line 3 on were not compared with all works. Check the draft in parts or "
        "against fewer works, or raise `check_seconds`."
    )
    ran = askjapan("check", draft)
    assert (ran.code, ran.out.splitlines()[-1]) == (3, f"2 quotations: 2 not checked. {told}")
    ran = askjapan("check", draft, "--json")
    data = json.loads(ran.out)
    assert (ran.code, ran.err) == (3, f"{told}\n")
    assert (data["sound"], data["complete"], data["counts"]["not checked"]) == (False, False, 2)
    assert [one["status"] for one in data["quotations"]] == ["not checked", "not checked"]
    assert not check(draft).is_complete
    # What is wrong goes before what is open.
    monkeypatch.setattr(draft_check, "TOGETHER", 1)
    monkeypatch.setenv("ASKJAPAN_CHECK_SECONDS", "6")
    draft.write_text("“Hoshino spent 321 million yen”\n\n“Forty lanterns were sent by ship”\n", encoding="utf-8")
    ran = askjapan("check", draft)
    assert (ran.code, ran.out.splitlines()[-1].partition(" The time")[0]) == (1, "2 quotations: 1 altered, 1 not checked.")
