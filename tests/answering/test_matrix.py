"""A matrix: a row a work, a column a question, each cell from its work alone; and its exports."""

from __future__ import annotations

import io
import json

import pytest

from askjapan.answering.matrix import MOST_QUESTIONS
from askjapan.assistant import Assistant
from askjapan.citations.export.matrix import matrix_csv, matrix_markdown, matrix_text, matrix_xlsx
from askjapan.citations.verify import verify
from askjapan.errors import QuestionError
from askjapan.findings import Matrix
from askjapan.settings import load_settings
from tests.support.places import Place

MONEY = "How much did Hoshino spend on exchanges with foreign towns in 1998?"
PICKERS = "How many people did the tea cooperative of Aoba take on in 2012?"

pytestmark = pytest.mark.usefixtures("fake_model")


def opened(place: Place, threshold: float) -> Assistant:
    return Assistant.open(settings=load_settings(home=place.home, threshold=threshold, multilingual=False))


@pytest.fixture
def assistant(small_index: Place) -> Assistant:
    return opened(small_index, 0.0)


@pytest.fixture
def found(assistant: Assistant) -> Matrix:
    return assistant.matrix([MONEY, PICKERS])


def test_each_work_answers_for_itself(found: Matrix) -> None:
    assert found.questions == (MONEY, PICKERS)
    cells = {row.document.id: row.cells for row in found.rows}
    assert set(cells) == {"hoshino-lanterns", "aoba-tea-note"}
    for work, answers in cells.items():
        for answer in answers:
            assert {citation.document_id for citation in answer.citations} == {work}
            assert len([sentence for sentence in answer.sentences if sentence.kind == "quote"]) == 1
    assert (
        cells["hoshino-lanterns"][0].sentences[0].text == "Hoshino spent 312 million yen on exchanges with foreign towns in 1998."
    )
    assert cells["aoba-tea-note"][1].sentences[0].text == "The tea cooperative of Aoba took on 27 people from Nepal in 2012."
    assert cells["hoshino-lanterns"][0].confidence > cells["aoba-tea-note"][0].confidence


def test_what_a_work_lacks_is_said(small_index: Place) -> None:
    asked = opened(small_index, 1.0).matrix([MONEY])
    assert [row.cells[0].answered for row in asked.rows] == [False, False]
    cell = asked.rows[0].cells[0]
    assert (cell.reason, cell.sentences) == (f"Not in this work: looked for “{MONEY}”.", ())
    assert matrix_text(asked).count("    not in this work") == 2


def test_filters_progress_and_repeated_questions(assistant: Assistant) -> None:
    told: list[tuple[int, int]] = []
    found = assistant.matrix(
        [MONEY, f" {MONEY} ", ""], themes=["migration"], progress=lambda done, total: told.append((done, total))
    )
    assert ([row.document.id for row in found.rows], found.questions, told) == (["aoba-tea-note"], (MONEY,), [(1, 1)])


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ([], "No question was given. Give one or several questions."),
        (["  "], "No question was given. Give one or several questions."),
        (["Hello"], "'Hello' is no question to the works. Ask what a work can say."),
        (
            [f"What is {n}?" for n in range(MOST_QUESTIONS + 1)],
            "A matrix has at most 20 questions, not 21. Ask the rest in a second one.",
        ),
    ],
)
def test_what_cannot_be_asked(assistant: Assistant, questions: list[str], told: str) -> None:
    with pytest.raises(QuestionError) as error:
        assistant.matrix(questions)
    assert str(error.value) == told


def test_every_cell_can_be_verified(found: Matrix, small_index: Place) -> None:
    cells = [cell for row in json.loads(json.dumps(found.to_dict()))["rows"] for cell in row["cells"]]
    verdicts = verify(cells, [small_index.corpus])
    assert len(verdicts) == 4
    assert {verdict.status for verdict in verdicts} == {"ok"}


def test_markdown_and_csv(found: Matrix) -> None:
    lines = matrix_markdown(found).split("\n")
    assert lines[0] == f"| Work | {MONEY} | {PICKERS} |"
    assert lines[1] == "| --- | --- | --- |"
    row = next(line for line in lines if line.startswith("| Sachi Morikawa"))
    assert row.startswith(
        "| Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006) | “Hoshino spent 312 million yen on exchanges with foreign "
        "towns in 1998.”<br>\\[§ 2. What the towns spent\\]<br>(confidence "
    )
    header = matrix_csv(found).split("\r\n")[0]
    assert header == f"\ufeffid,work,{MONEY},where,confidence,{PICKERS},where,confidence"
    assert "note on Ota, §1" in matrix_csv(found)


def test_a_workbook(found: Matrix) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(matrix_xlsx(found))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:3] == ["id", "work", MONEY]
    assert sheet.max_row == 3
    assert isinstance(sheet["E2"].value, float)
