"""The scripts of the page know every word that they say."""

from __future__ import annotations

import re
from importlib.resources import files

from askjapan.web.serving import SCRIPT_WORDS, SCRIPTS


def test_each_word_that_a_script_says_is_sent_to_it() -> None:
    static = files("askjapan.web").joinpath("static")
    said: set[str] = set()
    for name in SCRIPTS:
        script = static.joinpath(f"{name}.js").read_text(encoding="utf-8")
        said |= set(re.findall(r'(?:words\(|\bname\(["\'].*["\'], |\["(?:bot|user)", )"(\w+)"', script))
    # What is asked before a collection is changed is named where its buttons are made.
    assert said | {"collection_name", "collection_sure"} == set(SCRIPT_WORDS)
