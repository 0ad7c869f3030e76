"""A text → blocks: what is torn apart is joined, what only looks joined is not, and every offset stays true."""

from __future__ import annotations

import random
import re

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import section_paths
from askjapan.readings import Reading
from tests.support.stages import blocks, document, passages, reading, shown, uncovered, unresolved

HALF = "The harbour office counted every ship that came in during the long winter and then gave the figures to"
"""More than ten words that end in the middle of a sentence."""
WHOLE = "The harbour office counted every ship that came in during the long winter and gave the figures away."


def kinds(text: str, **facts: object) -> list[str]:
    return [kind for kind, _ in blocks(text, **facts)]


def headings(text: str, **facts: object) -> list[str]:
    return [title for kind, title in blocks(text, **facts) if kind == "heading"]


# --- torn sentences ---


@pytest.mark.parametrize(
    "torn", ["\f", "\n\f\n", "\n\n", "\n\n\n\n", "\r\n\r\n", "\n---\n", "\n\n- - -\n\n".replace("- - -", "***"), "\n \t \n"]
)
@pytest.mark.parametrize(
    "rest", ["the mayor of the town, who kept them.", "Mayor Okada of Asahi, who kept them.", "12 mayors, who kept them."]
)
def test_a_sentence_broken_by_a_page_break_is_joined(torn, rest):
    assert blocks(f"{HALF}{torn}{rest}") == [("prose", f"{HALF} ¦ {rest}")]


@pytest.mark.parametrize("torn", ["\n\n", "\n\f\n"])
def test_before_a_capital_without_a_little_word_at_the_end(torn):
    half = "Nobody in the whole of the town knew why the harbour office gave the figures"
    assert blocks(f"{half}{torn}Asahi had been waiting for to the mayor.") == [
        ("prose", f"{half} ¦ Asahi had been waiting for to the mayor.")
    ]


@pytest.mark.parametrize("mark", ["- ", "* ", "• "])
def test_a_false_bullet_in_the_middle_of_a_sentence(mark):
    rest = "parts procurement in the towns. Others stayed away."
    assert blocks(f"{HALF}\n\n{mark}{rest}") == [("prose", f"{HALF} ¦ {rest}")]


def test_a_false_bullet_between_true_ones():
    item = "Pilots guide the ships through the strait at night and in every fog that comes, with a boat and"
    text = f"- {item}\n\n- in a second boat when the sea is rough.\n- Buoys need no pay."
    assert blocks(text) == [("list", f"{item} ¦ in a second boat when the sea is rough."), ("list", "Buoys need no pay.")]


def test_true_items_without_full_stops_stay_apart():
    text = (
        "The plan that both of the towns signed in the spring of that year has three parts\n\n"
        "- trade in fish, in rice and in the many small things they make\n- schools and the exchange of pupils\n- a ferry"
    )
    assert kinds(text) == ["prose", "list", "list", "list"]


def test_an_item_without_a_full_stop_does_not_swallow_the_paragraph_below():
    text = f"- Pilots who guide the ships through the strait align the interests of crews and owners\n\n{WHOLE}"
    assert kinds(text) == ["list", "prose"]


@pytest.mark.parametrize(
    ("marker", "note"),
    [
        ("<sup>3</sup>", "<sup>3</sup> Interview with a pilot, 1993."),
        ("³", "³ Interview with a pilot, 1993."),
        ("[3]", "[3] Interview with a pilot, 1993."),
        ("<sup>3</sup>", "- <sup>3</sup> Interview with a pilot, 1993."),
    ],
)
def test_a_footnote_in_the_middle_of_a_sentence(marker, note):
    text = f"Pilots are few.{marker} {HALF}\n\n{note}\n\nthe mayor of the town."
    assert blocks(text) == [("prose", f"Pilots are few.{marker} {HALF} ¦ the mayor of the town."), ("footnote", note)]
    prose, foot = passages(text)
    assert [unit.text for unit in prose.units][-1] == f"{HALF} the mayor of the town."
    assert prose.notes == (foot.id,)
    assert foot.context.startswith("Pilots are few.")
    assert unresolved(text, [prose, foot]) == []


def test_a_footnote_cut_by_a_page_rule_goes_on_below_it():
    text = f"{WHOLE}<sup>1</sup>\n\n<sup>1</sup> Local procurement by the harbours\n\n---\n\nin the north, an unpublished paper."
    assert blocks(text)[1] == ("footnote", "<sup>1</sup> Local procurement by the harbours ¦ in the north, an unpublished paper.")


def test_a_sentence_torn_by_a_table_is_joined_around_it():
    text = f"{HALF}\n\nTable 1 Ships\n\nPort\tShips\nAsahi\t5\nBora\t6\n\nthe mayor of the town."
    assert blocks(text)[0] == ("prose", f"{HALF} ¦ the mayor of the town.")
    assert kinds(text) == ["prose", "table"]


def test_two_notes_on_one_line():
    assert blocks(f"{WHOLE}\n\n[7] A speech - 24 July 1997 [8]I.Okada. Waga michi. P.13.") == [
        ("prose", WHOLE),
        ("footnote", "[7] A speech - 24 July 1997"),
        ("footnote", "[8]I.Okada. Waga michi. P.13."),
    ]


def test_a_reference_to_another_note_is_no_note():
    assert blocks(f"{WHOLE}\n\n[7] As said in [3] and [9] above.")[1:] == [("footnote", "[7] As said in [3] and [9] above.")]


def test_double_spaced_lines_are_one_paragraph():
    lines = [
        "This story begins in a small harbour where the author was a pilot for many years and",
        "where nobody spoke of the world beyond the strait. Seriously dealing with the world from",
        "so far away means learning how others live, work, and trade over a longer period of grass-",
        "roots exchange. Each of these thoughts colours what is said here.",
    ]
    assert blocks("\n\n".join(lines)) == [("prose", " ¦ ".join(lines))]
    units = passages("\n\n".join(lines))[0].units
    texts = [unit.text for unit in units]
    assert " ".join(texts) == " ".join(lines).replace("grass- roots", "grass-roots")
    assert [text.split()[0] for text in texts] == ["This", "Seriously", "Each"]
    # Nothing but white space stands between the lines, so that each sentence is one stretch of the file.
    assert [len(unit.segments) for unit in units] == [1, 1, 1]


def test_a_figure_named_at_the_start_of_a_wrapped_line_is_no_caption():
    text = "Summarising what the two articles say, the model that was found is presented below in\n\nFigure 1.\n\nMore follows."
    assert kinds(text) == ["prose", "prose"]


def test_finished_paragraphs_stay_apart():
    assert kinds(f"{WHOLE}\n\n{WHOLE}\n\nand a line in lower case.") == ["prose", "prose", "prose"]


def test_a_paragraph_that_ends_with_a_bracket_stays_apart():
    text = "The harbour office counted every ship in the long winter (Okada 1997: 12)\n\nNobody disagreed with it then."
    assert kinds(text) == ["prose", "prose"]


# --- headings ---


def test_title_over_three_lines_is_not_joined_with_the_author():
    title = "Harbours and the World:\nSister Ports and the Challenge for Japan’s Small Towns\nin the Twenty-First Century"
    text = f"{title}\n\nMari Okada\n\n1. Ports\n\n{WHOLE}"
    assert blocks(text)[:3] == [
        ("prose", " ".join(title.split())),
        ("prose", "Mari Okada"),
        ("heading", "1. Ports"),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\u3000 "])
def test_heading_over_two_lines(gap):
    text = f"{WHOLE}\n\n4. Some Ideas about the Needs of Harbours and Opportunities for{gap}Small Towns to Serve Them\n\n{WHOLE}"
    (title,) = headings(text)
    assert title.startswith("4. Some Ideas")
    assert title.endswith("Small Towns to Serve Them")
    found = passages(text)
    assert found[-1].section == "4. Some Ideas about the Needs of Harbours and Opportunities for Small Towns to Serve Them"


@pytest.mark.parametrize(
    "title",
    [
        "1. Background",
        "2.  Towns Retreating from the World?",
        "4.1.  Trade from Within",
        "4.1 Trade from Within",
        "I. Introduction",
        "IV-2. Relationship between Pilots and Sailors",
        "VII. Conclusion - Recommendations",
        "Chapter 3: The Harbour",
        "第2章 港の歴史",
        "3. Reforming Policy -Still Underway-",
    ],
)
def test_numbered_headings(title):
    assert headings(f"{WHOLE}\n\n{title}\n\n{WHOLE}") == [" ".join(title.split())]


@pytest.mark.parametrize(
    "line",
    [
        "12 Asian cities joined the league in that year, and more were to follow",
        "3. the third of the reasons is that nobody had asked the pilots at all.",
        "1) a first reason",
        "2009 was the year in which it ended",
    ],
)
def test_lines_with_numbers_that_are_no_headings(line):
    assert headings(f"{WHOLE}\n\n{line}\n\n{WHOLE}") == []


def test_a_wrapped_line_that_begins_with_a_number_and_capitals_goes_on():
    text = f"{HALF}\n\n17 Japanese Towns and Their Counterparts in Victoria, who kept them."
    assert kinds(text) == ["prose"]


def test_numbered_items_in_a_row_are_a_list():
    text = f"{WHOLE}\n\n1. Pilots\n2. Sailors\n3. Owners\n\n{WHOLE}"
    assert kinds(text) == ["prose", "list", "list", "list", "prose"]


@pytest.mark.parametrize("title", ["Attempts at Outreach", "The Mayor's View", "Why Now?"])
def test_standalone_title_case_headings(title):
    assert headings(f"{WHOLE} So it was.\n\n{title}\n\n{WHOLE}") == [title]


@pytest.mark.parametrize(
    "line",
    ["Harbour Deficit\n\nHarbour Deficit", "a line in lower case", "Nobody came.", "2009"],
)
def test_lines_that_are_no_standalone_headings(line):
    assert headings(f"{WHOLE} So it was.\n\n{line}\n\n{WHOLE}") == []


def test_known_headings_take_the_level_of_the_others():
    text = f"Abstract\n\n{WHOLE}\n\nI. Introduction\n\n{WHOLE}\n\nI-1. Ports\n\n{WHOLE}\n\nReference\n\n- Okada M. (1997) Ports"
    read = reading(text)
    paths = [(block.kind, path) for block, path in section_paths(text, blocks_of(read))]
    assert paths == [
        ("prose", "Abstract"),
        ("prose", "I. Introduction"),
        ("prose", "I. Introduction › I-1. Ports"),
        ("reference", "Reference"),
    ]


def test_markdown_headings_and_uneven_numbered_levels():
    text = f"## 1. Ports\n\n{WHOLE}\n\n### 3. **Towns**\n\n{WHOLE}\n\n#### *Pilots*\n\n{WHOLE}\n\n#### 4. Ferries\n\n{WHOLE}"
    read = reading(text, markup="markdown")
    paths = [path for _, path in section_paths(text, blocks_of(read))]
    assert paths == ["1. Ports", "3. Towns", "3. Towns › Pilots", "4. Ferries"]


def test_hashes_in_plain_text_are_no_headings():
    assert headings(f"{WHOLE}\n\n# 5 is the number of the pier\n\n{WHOLE}") == []


# --- notes, references, figures, lists ---


def test_notes_section():
    text = f"{WHOLE}¹\n\nNotes\n\n¹ A first note\nover two lines.\n\n² A second note that is\n\ncut in two."
    assert blocks(text)[2:] == [
        ("footnote", "¹ A first note over two lines."),
        ("footnote", "² A second note that is ¦ cut in two."),
    ]


def test_figure_caption_keeps_its_source():
    text = (
        f"{WHOLE}\n\nGraphic 1: Ships and their return\n\nSource: Harbour Yearbook.\n\nStatLink <http://dx.example/1>\n\n{WHOLE}"
    )
    assert blocks(text)[1] == (
        "caption",
        "Graphic 1: Ships and their return ¦ Source: Harbour Yearbook. ¦ StatLink <http://dx.example/1>",
    )


def test_circled_numbers_are_kept():
    text = f"{WHOLE}\n\nFigure 4 Cost of pilots\n\nSource: me Note: member ports ①→②→③\n JAPAN ①→②(→④)\n\n{WHOLE}"
    assert "①→②→③ JAPAN ①→②(→④)" in passages(text)[1].text


def test_em_space_and_two_space_breaks():
    assert passages("A pilot\u2003guides  \nships, \\$5 a day.<sup>1</sup>")[0].text == "A pilot guides ships, $5 a day."


# --- the edges of web pages, furniture ---

ARTICLE = "\n\n".join(f"Paragraph {number} says that ship {number} came in and that nobody saw it come." for number in range(30))


def test_web_menu_and_footer_are_dropped():
    text = (
        "Menu Content/Inhalt\nHome arrow Publications arrow Harbours\nOkada. Harbours Печать E-mail\n21.01.2014\n\nHarbours\n\n"
        f"{ARTICLE}\n\nConnected Content\n\nRegions & Countries\n\n"
        "Copyright © Harbour Press. All rights reserved.\n\nHarbour Worldview"
    )
    words = " ".join(passage.text for passage in passages(text))
    assert words.startswith("21.01.2014 Harbours Paragraph 0 says")
    assert words.endswith("ship 29 came in and that nobody saw it come.")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Harbours of the North\n\nMari Okada\n\n© 2010 Harbour Press", "The end has come."),
        ("Menu costs in harbours\n\nMari Okada", "The end has come."),
        ("«Порты»\n\nМари Окада", "Так кончилась эта долгая история."),
        ("Harbours", f"Photo © Okada\n\n{'A last paragraph that goes on for quite a while. ' * 4}"),
        ("Harbours", "Table 1 Ships\n\nPort\tShips\nAsahi\t5\nBora\t6\n\n© 2010 Harbour Press"),
    ],
)
def test_what_only_looks_like_a_menu_or_footer_is_kept(first, last):
    text = f"{first}\n\n{ARTICLE}\n\n{last}"
    words = " ".join(passage.text for passage in passages(text))
    assert words.startswith(first.split("\n")[0])
    assert (last.split("\n\n")[-2 if "Port\t" in last else -1].split("\n")[-1].strip()) in words


def test_short_texts_have_no_menu():
    assert kinds("Menu\n\nFish and rice.\n\n© 2010") == ["prose", "prose", "prose"]


def test_furniture_is_left_out_and_what_it_tears_is_joined():
    text = f"{HALF}\n14 HARBOURS\nthe mayor, who kept them.\nRUNNING HEAD {WHOLE}"
    low = text.index("14 HARBOURS")
    head = text.index("RUNNING HEAD")
    read = reading(text, furniture=((low, low + 11), (head, head + 13)))
    assert [shown(text, block) for block in blocks_of(read)] == [f"{HALF} ¦ the mayor, who kept them.", WHOLE]


# --- properties ---

LINES = (
    *("Pilots guide the ships through the strait at night and in every fog that comes, and", "they are few.", "Nobody saw it."),
    *("the mayor of the town said so in 1997.In a speech he", "Harbour Towns", "1. Ports and Towns", "IV-2. Pilots at Sea"),
    *("## Towns", "# 3", "- a list item", "* Another item that is longer than the first one and has no end", "2) second"),
    *("> a quotation of someone", "① first", "Table 1: Ships", "Port\tShips\tYear", "Asahi\t1,576\t2009", "\tBora\t5"),
    *("| a | b |", "| --- | --- |", "| 1 | 2*** |", "Source: me", "<sup>1</sup> A note that is", "¹ Another note."),
    *("[3] A third one. [4] A fourth.", "Notes", "References", "Okada M. (1997) Ports", "港は1961年に開かれた。町は"),
    *(
        "栄えたが、誰も",
        "知らない。「本当か。」と問うた。",
        "👩\u200d👩\u200d👧 Chu\u0304o\u0304 e\u0301 🇯🇵 ok",
        "10<sup>6</sup> km<sup>2</sup>",
    ),
    *("10<sup>6</sup> km<sup>2</sup>", "---", "-", "", "", "", " ", "\u3000", "\f", "x", "(unit: yen)", "Why now?"),
)
MARKS = re.compile(r"(?:[-*>#|\s]|\d{1,2}[.)])+")
"""Rules, marks of list items and quotations, and the separators of tables."""


def random_document(seed: int) -> str:
    chance = random.Random(seed)
    end = chance.choice(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])
    return "".join(chance.choice(LINES) + chance.choice([end, end, "\n"]) for _ in range(chance.randint(1, 60)))


@pytest.mark.parametrize("seed", range(120))
def test_whatever_the_text_nothing_is_lost_moved_or_too_long(seed):
    text = random_document(seed)
    read = Reading(text, markup="markdown" if seed % 2 else "plain")
    limit = (40, 256)[seed % 3 == 0]
    found = passages(text, target=(20, 120)[seed % 3 == 0], limit=limit, markup=read.markup)
    assert unresolved(text, found) == []
    assert all(0 < passage.pieces <= limit for passage in found)
    ids = [passage.id for passage in found]
    assert len(ids) == len(set(ids))
    assert [part for part in uncovered(text, read, found) if not MARKS.fullmatch(part)] == []


@pytest.mark.parametrize("seed", range(60))
def test_the_first_stretches_of_the_passages_are_in_the_order_of_the_text(seed):
    text = random_document(1_000 + seed)
    body = [passage for passage in passages(text) if passage.kind in ("prose", "list", "reference")]
    starts = [passage.units[0].start for passage in body]
    assert starts == sorted(starts)


@pytest.mark.parametrize("seed", range(40))
def test_every_unit_but_a_tables_frame_stands_once(seed):
    text = random_document(2_000 + seed)
    units = [unit.segments for passage in passages(text) for unit in passage.units if unit.kind == "sentence"]
    assert len(units) == len(set(units))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_offsets_are_true_whatever_the_line_ends(end):
    text = f"{HALF}\n\nthe mayor.\n\n1. Ports\n\nShips came in 2009.\n\nPort\tShips\nAsahi\t5\nBora\t6".replace("\n", end)
    found = passages(text)
    assert [text[s:e] for passage in found for unit in passage.units for s, e in unit.segments] == [
        f"{HALF}\n\nthe mayor.".replace("\n", end),
        "Ships came in 2009.",
        "Port\tShips",
        "Asahi\t5",
        "Bora\t6",
    ]
    assert document(text).characters == len(text)
