"""The normalisation under which quotes equal the file: what it drops, what it never touches, and `clean` beside it."""

from __future__ import annotations

import hashlib
import random

import pytest

from askjapan.language.quotation import clean, fingerprint, join, normalise, same

# Everything that real files hold: markup, entities, odd white space, marks of all kinds, several scripts, emoji and accents.
PIECES = (
    *("Harbour", "towns", "rose", "fell", "12", "1,576", "3.5", "2009", "x", "km", "10", "a", "I"),
    *(" ", "  ", "\n", "\n\n", "\r\n", "\t", "\f", "\u00a0", "\u2003", "\u3000", "\u200b", "\u00ad", "\ufeff", "\u2028"),
    *("*", "**", "***", "_", "__", "`", "|", "\\", "\\$", "\\*", "\\#", "\\_", "# ", "## ", "> ", "#", ">", "<", "^", "~"),
    *(
        "<sup>1</sup>",
        "<sup>12, 13</sup>",
        "<sup>th</sup>",
        "<sup>2</sup>",
        "<sub>2</sub>",
        "<u>",
        "</u>",
        "<b>",
        "</b>",
        "<br/>",
        "<a href='x'>",
    ),
    *("&amp;", "&nbsp;", "amp;", "nbsp;", "&"),
    *("‘", "’", "“", "”", "«", "»", "–", "—", "−", "-", "‐", "…", ".", ",", ";", "(", ")", "[1]", "¹", "①", "%", "***"),
    *(
        "日本の",
        "経済",
        "東京",
        "。",
        "、",
        "（",
        "）",
        "ガ",
        "か\u3099",
        "Ōita",
        "e\u0301",
        "ﬁ",
        "Ещё",
        "👩\u200d👩\u200d👧",
        "🇯🇵",
        "🏽",
    ),
)


def random_texts(seed: int, count: int, longest: int = 14) -> list[str]:
    """Texts strung together from the pieces, the same ones in each run."""
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, longest))) for _ in range(count)]


@pytest.mark.parametrize("seed", range(8))
def test_clean_never_changes_what_counts(seed):
    wrong = [raw for raw in random_texts(seed, 2_000) if normalise(clean(raw)) != normalise(raw)]
    assert wrong == []


@pytest.mark.parametrize("seed", range(2))
def test_clean_again_changes_nothing_that_counts(seed):
    wrong = [raw for raw in random_texts(100 + seed, 1_000) if normalise(clean(clean(raw))) != normalise(clean(raw))]
    assert wrong == []


@pytest.mark.parametrize("seed", range(2))
def test_clean_is_one_line_without_invisible_characters(seed):
    texts = [raw for raw in random_texts(200 + seed, 1_000) if not set(raw) & set("\\<>#&*_`")]
    assert len(texts) > 100
    assert [raw for raw in texts if any(char in clean(raw) for char in "\n\r\t\f\u00ad\u200b\ufeff\u2028")] == []


@pytest.mark.parametrize("seed", range(2))
def test_normalise_keeps_every_letter_and_digit(seed):
    plain = [
        raw
        for raw in random_texts(300 + seed, 1_000)
        if "<" not in raw and "&" not in raw and "amp;" not in raw and "nbsp" not in raw
    ]
    assert len(plain) > 100

    def letters(text: str) -> list[str]:
        return [char for char in text.replace("ﬁ", "fi") if char.isalnum() or char in "①"]

    assert [raw for raw in plain if letters(normalise(raw)) != letters(raw)] == []


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        ("rose 12 percent\nin 2019", "rose12percentin2019"),
        ("“Ties”, he said – ‘twice’", "\"Ties\",hesaid-'twice'"),
        ("in 1997.<sup>12</sup> Then", "in1997.Then"),
        ("in 1997<sup>12</sup> then", "in1997then"),
        ("of 45,310<sup>3</sup> men", "of45,310men"),
        ("10<sup>6</sup> yen", "106yen"),
        ("5 km<sup>2</sup>", "5km2"),
        ("the 7<sup>th</sup> floor", "the7thfloor"),
        ("<u>Deflation</u> in <b>Japan</b>", "DeflationinJapan"),
        (r"\$4.2 billion", "$4.2billion"),
        ("R&amp;D&nbsp;costs", "R&Dcosts"),
        ("| Korea | 551 |", "Korea551"),
        ("## 2. Ports", "2.Ports"),
        ("> a quotation", "aquotation"),
        ("0.731***", "0.731"),
        ("ﬁrm oﬀer", "firmoffer"),
        ("x < 3 and y > 2", "x<3andy>2"),
        ("issue #5", "issue#5"),
        ("text¹ and ①→②", "text¹and①→②"),
        ("日本 の\n経済", "日本の経済"),
        ("", ""),
        (" \u3000\u200b\n", ""),
    ],
)
def test_what_normalise_does(raw, form):
    assert normalise(raw) == form


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        ("a  hard\nwrapped\r\nline", "a hard wrapped line"),
        ("em\u2003space and\u00a0no-break", "em space and no-break"),
        ("two-space  \nbreak", "two-space break"),
        ("*Toshi*, **bold**, ***both***, `code` and __that__", "Toshi, bold, both, code and that"),
        ("**Ports\nand Towns**", "Ports and Towns"),
        ("0.731*** and 0.486** (p<.01)", "0.731*** and 0.486** (p<.01)"),
        ("*** means 1%, ** means 5%", "*** means 1%, ** means 5%"),
        ("snake_case_name", "snake_case_name"),
        (r"\$21 billion \*not bold\*", "$21 billion *not bold*"),
        ("change.<sup>1</sup> Despite", "change. Despite"),
        ("in 2001<sup>4</sup> it", "in 2001 it"),
        ("10<sup>6</sup> yen, 10<sup>-3</sup> m", "10^6 yen, 10^-3 m"),
        ("12 km<sup>2</sup>", "12 km^2"),
        ("grass-\nroots and inter-\r\n  city", "grass-roots and inter-city"),
        ("soft\u00adhyphen", "softhyphen"),
        ("# 5. Harbours", "5. Harbours"),
        (r"\# 1", r"\# 1"),
        ("日本の\n経済は", "日本の経済は"),
        ("山田 太郎", "山田 太郎"),
        ("東京 Bay", "東京 Bay"),
        ("①→②\nJAPAN", "①→② JAPAN"),
        ("👩\u200d👩\u200d👧 ok 🇯🇵", "👩\u200d👩\u200d👧 ok 🇯🇵"),
        ("Chu\u0304o\u0304 ko\u0304ron", "Chu\u0304o\u0304 ko\u0304ron"),
        ("a [note](http://x.example) stays", "a [note](http://x.example) stays"),
    ],
)
def test_what_clean_shows(raw, readable):
    assert clean(raw) == readable


@pytest.mark.parametrize(
    ("raw", "quote", "equal"),
    [
        ("It rose 12 percent\nin 2019.", "It rose 12 percent in 2019.", True),
        ("It rose 12 percent in 2019.", "It rose 12 percent in 2018.", False),
        ("It rose 12 percent", "It rose 1.2 percent", False),
        ("the “lost” decade", 'the "lost" decade', True),
        ("Ōita", "Oita", False),
        ("Japan", "japan", False),
        ("", "", False),
        ("* _ |", " ", False),
    ],
)
def test_same_is_exact_up_to_the_normalisation(raw, quote, equal):
    assert same(raw, quote) is equal


def test_fingerprint_is_the_hash_of_the_normalised_quote():
    assert fingerprint("It “rose” –\n12%") == hashlib.sha256(b'It"rose"-12%').hexdigest()


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["the system of", "parts procurement"], "the system of parts procurement"),
        (["grass-", "roots"], "grass-roots"),
        (["1996-", "98"], "1996-98"),
        (["a pause -", "then"], "a pause - then"),
        (["日本の", "経済"], "日本の経済"),
        (["日本の", "GDP"], "日本の GDP"),
        (["one"], "one"),
        ([], ""),
    ],
)
def test_join(parts, whole):
    assert join(parts) == whole


@pytest.mark.parametrize(
    ("raw", "quote"),
    [
        ("About 10[^3] towns[^a] of 1576[^12].", "About 10 towns of 1576."),
        ("[^1]: Built in 1901.", "Built in 1901."),
        ("R^2 is 0.83, 2^20 of ^14C.", "R^2 is 0.83, 2^20 of ^14C."),
        ("The set [^a-z] and [^0-9] of letters.", "The set [^a-z] and [^0-9] of letters."),
    ],
)
def test_markers_of_notes_go_and_powers_stay(raw, quote):
    assert clean(raw) == quote
    assert normalise(quote) == normalise(raw)


def test_emphasis_is_found_in_linear_steps():
    assert clean("_a " * 3 + "**b** *c_ `d` __e__ ***f*** * g *") == "_a _a _a b *c_ d e f * g *"
    assert clean("_a" * 100_000).startswith("_a_a")
