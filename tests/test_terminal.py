"""What is printed: nothing that a terminal would obey, and one sentence where it cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askjapan.cli.terminal import shown
from tests.support.commands import SOURCE, in_subprocess
from tests.support.places import Place

OBEYED = "a\x1b[2Jb\x1b]0;title\x07c\x9b31md\u202eefg\u2066h\x00i\rj\x7f"


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert shown(OBEYED) == r"a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\u202eefg\u2066h\u0000i\u000dj\u007f"
    assert shown("港\tone\r\ntwo\nthree ﷺ é") == "港\tone\r\ntwo\nthree ﷺ é"


def test_a_quote_and_a_name_with_such_letters(place: Place, fake_model: None, askjapan: object) -> None:
    del fake_model
    (place.works / "cranes\x1b[31m.txt").write_text(
        "Cranes\n\nThe port of Wakkanai had 77 cranes\x1b[2J\x1b]0;owned\x07 in 1988, and all of them were green.\n",
        encoding="utf-8",
    )
    assert callable(askjapan)
    ran = askjapan("index")
    assert ran.code == 0
    asked = askjapan("ask", "How many cranes did the port of Wakkanai have in 1988?")
    listed = askjapan("list")
    assert r"had 77 cranes\u001b[2J\u001b]0;owned\u0007 in 1988" in asked.out
    for printed in (ran.out, ran.err, asked.out, asked.err, listed.out):
        assert "\x1b" not in printed
        assert "\x07" not in printed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("--help",), ("info",), ("list",)])
def test_a_full_disk_behind_what_is_printed(arguments: tuple[str, ...], small_index: Place) -> None:
    code = (
        f"import os, sys; os.dup2(os.open('/dev/full', os.O_WRONLY), 1); from askjapan.cli import main; main({list(arguments)!r})"
    )
    ran = in_subprocess("-c", code, home=small_index.home, PYTHONPATH=str(SOURCE))
    assert (ran.returncode, ran.stderr.splitlines()[-1:]) == (
        1,
        ["What is printed cannot be written: No space left on device. Make room, or print elsewhere."],
    )
    assert "Traceback" not in ran.stderr


def test_a_stream_that_is_closed(small_index: Place) -> None:
    code = "import os, sys; sys.stdout = None; from askjapan.cli import main; main(['list'])"
    ran = in_subprocess("-c", code, home=small_index.home, PYTHONPATH=os.pathsep.join([str(SOURCE)]))
    assert (ran.returncode, ran.stderr) == (0, "")
