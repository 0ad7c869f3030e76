"""Every mention, through the assistant: the counts, where each stands, and what stands around it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.export.mentions import mentions_csv, mentions_text
from askjapan.errors import QuestionError
from askjapan.index.build import build
from tests.support.commands import ROOT
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, LANTERNS_NOTE_JA, Place, make_place
from tests.support.web_places import make_pdf

pytestmark = pytest.mark.usefixtures("fake_model")


@pytest.fixture
def assistant(small_index: Place) -> Assistant:
    return Assistant.open(small_index.index)


def test_each_mention_with_its_place(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    text = "# Piers\n\n## Letters of 1961\n\nA letter came. *Letter* two[^1] came.\n\n## Later\n\nNo more.\n\n[^1]: One letter is lost.\n"
    (place.works / "piers.md").write_text(text, encoding="utf-8")
    build([place.works], place.index, HashEncoder(), catalogue=place.catalogue)
    found = Assistant.open(place.index).mentions("letter")
    assert found.forms == (("letter", 3), ("letters", 1))
    (work,) = found.works
    assert (work.count, work.outside) == (4, 1)
    assert work.sections[0] == ("Letters of 1961", 3)
    heading, first, second, note = work.mentions
    # A heading is in no passage, and belongs to the section that it opens.
    assert (heading.text, heading.passage_id, heading.before, heading.after) == ("Letters", "", "", " of 1961")
    # Nor does the text around a mention run on into the headings before and after it.
    assert (first.before, first.text, first.after) == ("A ", "letter", " came. Letter two came.")
    assert second.passage_id == first.passage_id != note.passage_id
    for mention in found.all:
        assert text[mention.start : mention.end] == mention.text
        assert mention.page is None


def test_the_count_is_that_of_a_straight_search(assistant: Assistant) -> None:
    for term in ("the", "Hoshino", "yen", "of", "foreign towns", "95", "towns"):
        straight = len(re.findall(rf"(?<!\w){term}(?!\w)", LANTERNS, re.IGNORECASE))
        counts = {work.document.id: work.count for work in assistant.mentions(f'"{term}"').works}
        assert counts["hoshino-lanterns"] == straight > 0


def test_filters_and_what_is_no_term(assistant: Assistant) -> None:
    assert [work.document.id for work in assistant.mentions("pickers", themes=["migration"]).works] == ["aoba-tea-note"]
    with pytest.raises(QuestionError, match="There is no theme 'cooking' in the index"):
        assistant.mentions("tea", themes=["cooking"])
    for term in ("", "…", "x" * 201, "*a*b*c*d"):
        with pytest.raises(QuestionError, match="is no term that could be looked for"):
            assistant.mentions(term)


def test_pages_and_sections_of_a_pdf(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    make_pdf(place.works / "lamps.pdf")
    build([place.works], place.index, HashEncoder(), catalogue=place.catalogue)
    found = Assistant.open(place.index).mentions("Minato").all
    assert [(mention.page, mention.start) for mention in found] == [(1, 15), (2, 18)]
    assert found[1].before == "fish. Merchants built storehouses along the quay. The lighthouse of "
    assert found[1].after.startswith(" received its second lamp in 1931. Forty men carried the glass up the")


def test_a_japanese_term_is_looked_for_in_the_japanese_note(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assistant = Assistant.open(place.index)
    found = assistant.mentions("星野町")
    assert {work.document.language: work.count for work in found.works} == {"ja": LANTERNS_NOTE_JA.count("星野町"), "en": 0}
    assert [work.document.language for work in assistant.mentions("Hoshino").works] == ["en", "en"]


def test_text_and_csv(assistant: Assistant) -> None:
    found = assistant.mentions("bench*")
    assert mentions_text(found).split("\n") == [
        "“bench*”: 1 mention in 1 of 2 works.",
        "",
        "    1  Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006)",
        "        1  1. Letters between harbours",
        "                mayor of Vesterby answered with a carved [bench] that still stands beside the ferry pier.",
        "",
        "None in Study note on: Kenji Ota, Tea Growers Without Borders (2016).",
    ]
    header, row, *rest = mentions_csv(found).split("\r\n")
    assert header == "\ufeffwork,title,section,page,start,end,before,mention,after"
    assert row.startswith("hoshino-lanterns,The Lantern Towns of Hoshino Bay,1. Letters between harbours,,")
    assert rest == [""]


def test_json_is_whole(assistant: Assistant) -> None:
    data = json.loads(json.dumps(assistant.mentions("town").to_dict()))
    assert data["format"] == "askjapan mentions 1"
    assert data["count"] == sum(work["count"] for work in data["works"]) == sum(len(work["mentions"]) for work in data["works"])
    assert sum(form["count"] for form in data["forms"]) == data["count"]
    for work in data["works"]:
        assert sum(section["count"] for section in work["sections"]) == work["count"]


SHARED = ROOT.parent / "shared" / "corpus"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the full texts are not beside the project")
@pytest.mark.parametrize("term", ["Japan", "local governments", "sister city", "migration", "power"])
def test_counts_on_the_full_texts_are_those_of_a_straight_search(term: str) -> None:
    from askjapan.language.written_forms import pattern_of, searchable

    pattern = pattern_of(term, exact=True)
    assert pattern is not None
    for path in SHARED.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        straight = re.findall(rf"(?<![^\W_]){term}(?![^\W_])".replace(" ", r"\s+"), text, re.IGNORECASE)
        assert len(list(pattern.spans(searchable(text, exact=True).folded.text))) == len(straight)


def test_what_stands_over_a_note_is_no_mention(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    build([place.notes], place.index, HashEncoder(), catalogue=place.catalogue)
    assistant = Assistant.open(place.index)
    note = next(document for document in assistant.documents if document.kind == "study note")
    front = assistant.index.text(note.id).split("---\n")[1]
    assert "kind: study note" in front
    assert assistant.mentions("kind").count == len(
        re.findall(r"\bkinds?\b", assistant.index.text(note.id).replace(front, ""), re.IGNORECASE)
    )


def test_around_a_mention_in_a_note_are_its_sentences_alone(tmp_path: Path) -> None:
    place = make_place(tmp_path / "home")
    build([place.notes], place.index, HashEncoder(), catalogue=place.catalogue)
    (mention,) = (one for work in Assistant.open(place.index).mentions("Denmark").works for one in work.mentions)
    assert (mention.before, mention.text, mention.after) == (
        "Vesterby became friends by a letter signed in 1961. Lanterns went to ",
        "Denmark",
        ", a bench came back.",
    )
    assert (mention.more_before, mention.more_after) == (True, False)
