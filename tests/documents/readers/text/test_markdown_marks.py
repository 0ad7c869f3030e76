"""What Markdown's marks leave in the text as read: the same length, and each kept character in its place."""

from pathlib import Path

import pytest

from askjapan.documents.readers.text.markdown_marks import told_apart, without_marks
from askjapan.documents.readers.text.plain import read_plain
from askjapan.language.quotation import clean


def shown(text: str) -> str:
    """The text as a quote would show it; where it is longer than it was, or a kept letter has moved, the test fails."""
    blanked = without_marks(text)
    assert len(blanked) == len(text)
    assert "<sup>" in text or all(new in (old, " ", "\u200b") or old in "<&^~" for new, old in zip(blanked, text, strict=True))
    return clean(blanked)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It cost ~~500~~ 600 yen.", "It cost 600 yen."),
        ("Re~~mem~~port.", "Report."),
        ("It cost <del>500</del> <ins>600</ins> yen, <s>not</s> paid.", "It cost 600 yen, paid."),
        ("費用は~~五百~~六百円である。", "費用は六百円である。"),
        ("It rose ~~from 4 to\n5~~ at once.", "It rose at once."),
        ("About ~500 and ~600 boats.", "About ~500 and ~600 boats."),
        ("A line ~~ of ~~ waves.", "A line ~~ of ~~ waves."),
        ("The pier <!-- 999 yen --> is old.", "The pier is old."),
        ("The pier <!-- 999\nyen\n--> is old.", "The pier is old."),
        ("5 <!-- 6", "5 <!-- 6"),
        ("See [the pier](http://x.y/z_a_b) and [its plan](../a(1).pdf 'a title').", "See the pier and its plan."),
        ("In f[x](y) and [3](4) boats.", "In f[x](y) and [3](4) boats."),
        ("[![A quay](a.png)](https://x.y) stands.", "A quay stands."),
        ("See [[Pier 2|the pier]] and [[Quay]], note [[3]].", "See the pier and Quay, note [[3]]."),
        ("See [the plan][p] and [p].\n\n[p]: https://x.y/a_b 'title'", "See the plan and p."),
        ("See [1][2] and [x][y].", "See [1][2] and [x][y]."),
        ("[注]: これは注である。", "[注]: これは注である。"),
        ("- [x] done", "- done"),
        ("<https://x.y/a> and <b>bold</b> <img src='a.png'>text<br>", "https://x.y/a and bold text"),
        ("5&deg; &times; 3&sup2; &lt;b&gt;", "5° × 3² &lt;b&gt;"),
        ("H~2~O, m^2^, 10^6^, x~i~ and 5~10~15", "H2O, m^2, 10^6, x_i and 5~10~15"),
        ("12 mi<sup>2</sup>, R<sup>2</sup>, 2<sup>20</sup>, <sup>14</sup>C", "12 mi^2, R^2, 2^20, ^14C"),
        ("1576<sup>4</sup> links, km<sup>2</sup>, 10<sup>6</sup>", "1576 links, km^2, 10^6"),
        ("The port.^[Built in 1901.] It", "The port. [Built in 1901.] It"),
        ("`a ~~b~~ <!-- c -->`", "a ~~b~~ <!-- c -->"),
        ("Title\n=====\n", "Title"),
    ],
)
def test_marks_are_not_shown_and_deleted_text_is_left_out(text, quote):
    assert shown(text) == quote


def test_code_is_left_as_it_is():
    code = "a = b[c](http://d) ~~e~~ <!-- f --> `g ~~h~~`\n"
    assert without_marks(f"~~x~~\n```python\n{code}```\n~~y~~\n") == f"     \n         \n{code}   \n     \n"
    assert without_marks(f"```\n{code}") == f"   \n{code}"


def test_words_keep_their_offsets_and_line_ends_stay():
    text = "One [two](http://x.y).\r\nThree <!-- a\r\nb --> four.\r\n"
    blanked = without_marks(text)
    assert [blanked.index(word) for word in ("One", "two", "Three", "four")] == [
        text.index(w) for w in ("One", "two", "Three", "four")
    ]
    assert blanked.count("\r\n") == 3


def test_a_raised_number_is_a_note_where_its_note_is_there():
    note = "\n\n<sup>4</sup> Counted twice."
    assert told_apart(f"In 12 m<sup>4</sup> towns.{note}") == "In 12 m[^4]" + 8 * "\u200b" + f" towns.{note}"
    assert told_apart("In 12 m<sup>4</sup>.") == "In 12 m<sup>4</sup>."
    assert clean(told_apart(f"In 15<sup>4</sup> towns.{note}")).startswith("In 15 towns.")
    assert clean(told_apart("In 15<sup>3</sup> parts.")) == "In 15^3 parts."


def test_a_text_that_is_no_markdown_keeps_its_waves_and_marks(tmp_path: Path):
    raw = "It cost ~~500~~ 600 yen, <del>not</del> 5~10 [here](http://x.y) <!-- so -->now: &times; [[a]]."
    (tmp_path / "a.txt").write_text(raw)
    (tmp_path / "a.md").write_text(raw)
    assert clean(read_plain(tmp_path / "a.txt").text) == "It cost ~~500~~ 600 yen, 5~10 here now: &times; [[a]]."
    assert clean(read_plain(tmp_path / "a.md").text) == "It cost 600 yen, 5~10 here now: × a."
