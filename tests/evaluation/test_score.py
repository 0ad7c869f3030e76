"""Every measure on examples small enough to be worked out by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from math import log2
from pathlib import Path
from typing import Any

import pytest

from askjapan.errors import EvaluationError
from askjapan.evaluation.questions import Question, holds, load_questions
from askjapan.evaluation.score import BUDGETS, Outcome, auroc, evaluate, measures, run_question, summary_rows
from askjapan.language.quotation import fingerprint
from askjapan.readings import Page
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, Unit

# A small corpus, laid out by hand

TEXTS = {
    "tea": "In 2012 the village hired 27 pickers. They stayed three seasons. The school was closed in 2014.",
    "lanterns-note": "In 1961 forty lanterns went to Vesterby. A bench came back by ship.",
}


def document(id_: str) -> Document:
    return Document(
        id=id_, title=id_.title(), authors=(), year=None, venue="", themes=(),
        kind="study note" if id_.endswith("-note") else "full text", language="en",
        path=f"corpus/{'000_ab.txt' if id_ == 'tea' else id_ + '.md'}", sha256="0" * 64, format="txt", described_by="",
    )  # fmt: skip


def passage(document_id: str, text: str) -> Passage:
    start = TEXTS[document_id].index(text)
    end = start + len(text)
    unit = Unit(text, ((start, end),))
    return Passage(f"{document_id}#{start}", document_id, text, "", None, None, start, end, "prose", (unit,))


PICKERS = passage("tea", "In 2012 the village hired 27 pickers.")
SEASONS = passage("tea", "They stayed three seasons.")
SCHOOL = passage("tea", "The school was closed in 2014.")
LANTERNS = passage("lanterns-note", "In 1961 forty lanterns went to Vesterby.")
BENCH = passage("lanterns-note", "A bench came back by ship.")
PASSAGES = (PICKERS, SEASONS, SCHOOL, LANTERNS, BENCH)


@dataclass
class Manifest:
    fingerprint: str = "f" * 64


@dataclass
class FakeIndex:
    passages: tuple[Passage, ...] = PASSAGES
    manifest: Manifest = field(default_factory=Manifest)
    documents: dict[str, Document] = field(default_factory=lambda: {id_: document(id_) for id_ in TEXTS})

    def passages_of(self, document_id: str) -> list[Passage]:
        return [passage for passage in self.passages if passage.document_id == document_id]


class FakeAssistant:
    """Gives back what a test lays down for each question, and remembers what it was asked."""

    def __init__(self, ranked: dict[str, list[Passage]], answers: dict[str, Answer] | None = None) -> None:
        self.index = FakeIndex()
        self.documents = tuple(self.index.documents.values())
        self.ranked = ranked
        self.answers = answers or {}
        self.first: dict[str, Passage] = {}
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []

    def retrieve(self, question: str, k: int = 5, history: Any = ()) -> list[Hit]:
        self.asked.append(("retrieve", question, tuple(history)))
        found = self.ranked.get(question, [])[:k]
        documents = self.index.documents
        return [Hit(p, documents[p.document_id], 1 / rank, rank) for rank, p in enumerate(found, start=1)]

    def ask(self, question: str, history: Any = ()) -> Answer:
        self.asked.append(("ask", question, tuple(history)))
        return self.answers.get(question, answer(question, confidence=0.1))

    def text(self, document_id: str) -> str:
        return TEXTS[document_id]

    def shown_documents(self, question: str) -> set[str]:
        hidden = {document.edition_of for document in self.index.documents.values()}
        return {id_ for id_ in self.index.documents if not self.first or id_ not in hidden}

    def in_first_edition(self, hits: list[Hit]) -> list[Hit]:
        documents = self.index.documents
        found = [self.first.get(hit.passage.id, hit.passage) for hit in hits]
        return [Hit(p, documents[p.document_id], 1 / rank, rank) for rank, p in enumerate(found, start=1)]

    def parallels_in_first_edition(self, passage: Passage) -> tuple[Passage, ...]:
        return (self.first[passage.id],) if passage.id in self.first else ()


def answer(question: str, *sentences: Sentence, confidence: float = 0.9) -> Answer:
    return Answer(question, question, bool(sentences), "", confidence, sentences, (), "f" * 64)


def quoted(source: Passage, *, start: int | None = None, quote: str | None = None, **changes: Any) -> Sentence:
    text = source.text if quote is None else quote
    citation = Citation(
        marker=1, document_id=source.document_id, document_sha256="0" * 64, document_kind="full text", title="", authors=(),
        year=None, path="", page=None, page_label=None, section="", start=source.start if start is None else start, end=source.end,
        offsets="document", quote=text, quote_sha256=fingerprint(text), passage_id=source.id,
    )  # fmt: skip
    return Sentence(text, "quote", (replace(citation, **changes),))


def asked(
    question: Question, ranked: list[Passage] | None = None, given: Answer | None = None, aliases: dict[str, str] | None = None
) -> Outcome:
    assistant = FakeAssistant({question.text: ranked or []}, {question.text: given} if given else {})
    return run_question(assistant, question, aliases or {})  # type: ignore[arg-type]


HOW_MANY = Question("q1", "How many pickers?", "en", "number", ("tea",), (("27",),))


# When a text holds an answer


@pytest.mark.parametrize(
    ("text", "answer_any", "expected"),
    [
        ("The village hired 27 pickers.", [["27"]], True),
        ("The village hired 127 pickers.", [["27"]], False),
        ("The village hired 270 pickers.", [["27"]], False),
        ("It rose by 1.27 percent.", [["27"]], False),
        ("It rose to 27.5 percent.", [["27"]], False),
        ("It rose to 27,500.", [["27"]], False),
        ("They were 27.", [["27"]], True),
        ("They were 27, no more.", [["27"]], True),
        ("In 2012 there were 27.", [["27"], ["2012"]], True),
        ("In 2011 there were 27.", [["27"], ["2012"]], False),
        ("Twenty-seven came.", [["27", "twenty-seven"]], True),
        ("TWENTY–SEVEN came.", [["twenty-seven"]], True),
        ("the mayor’s  “own”\n bench", [['mayor\'s "own" bench']], True),
        ("２７ pickers", [["27"]], True),
        ("anything", [["  "]], False),
        ("anything", [], True),
    ],
)
def test_holds(text: str, answer_any: list[list[str]], expected: bool) -> None:
    assert holds(text, answer_any) is expected


# Retrieval


def test_an_answer_in_another_edition_counts_in_the_words_of_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEXTS, "lanterns-note-ja", "1961年に40個の灯籠がベスタービュへ渡った。")
    japanese = passage("lanterns-note-ja", TEXTS["lanterns-note-ja"])
    for alternative in ("forty lanterns", "40個の灯籠"):
        question = Question("ja", "灯籠はいくつ？", "ja", "factoid", ("lanterns",), ((alternative,),))
        assistant = FakeAssistant(
            {question.text: [japanese]}, {question.text: answer("?", quoted(japanese, document_kind="study note"))}
        )
        assistant.index.documents["lanterns-note-ja"] = replace(document("lanterns-note-ja"), edition_of="lanterns-note")
        assistant.index.passages = (*PASSAGES, japanese)
        assistant.first = {japanese.id: LANTERNS}
        outcome = run_question(assistant, question, {})  # type: ignore[arg-type]
        assert outcome.held == dict.fromkeys(BUDGETS, True)
        assert (outcome.first_passage, outcome.relevant) == (True, {japanese.id: 1})
        # Two Japanese characters count as one word.
        assert outcome.words == 11


def test_words_within_the_budget_hold_the_answer() -> None:
    filler = replace(LANTERNS, text="word " * 244)
    # 244 words of another work come first; the right passage has 7 words, its sixth is "27".
    assert asked(HOW_MANY, [filler, PICKERS]).held == {250: True, 500: True, 1000: True}
    filler = replace(LANTERNS, text="word " * 245)
    # One word more, and the passage that crosses the line is cut before "27".
    assert asked(HOW_MANY, [filler, PICKERS]).held == {250: False, 500: True, 1000: True}


def test_words_of_other_works_count_but_their_text_does_not() -> None:
    other = replace(LANTERNS, text="There were 27 lanterns.")
    assert asked(HOW_MANY, [other]).held == dict.fromkeys(BUDGETS, False)
    assert asked(HOW_MANY, [other, PICKERS]).held == dict.fromkeys(BUDGETS, True)
    assert not asked(HOW_MANY, [other, PICKERS]).first_passage


def test_the_answer_may_stand_in_several_passages_of_several_works() -> None:
    question = Question("q", "Q?", "en", "multi_doc", ("tea", "lanterns"), (("27",), ("forty",)))
    assert asked(question, [PICKERS, LANTERNS]).held[250]
    assert not asked(replace(question, works=("tea",)), [PICKERS, LANTERNS]).held[250]
    assert asked(replace(question, works=()), [PICKERS, LANTERNS]).held[250]


def test_first_passage_is_taken_whole() -> None:
    long = replace(PICKERS, text="word " * 2000 + "27")
    outcome = asked(HOW_MANY, [long])
    assert outcome.first_passage
    assert not outcome.held[1000]
    assert not asked(HOW_MANY, [SEASONS, PICKERS]).first_passage
    assert not asked(HOW_MANY, []).first_passage


def test_history_goes_to_both() -> None:
    question = Question("q", "And then?", "en", "followup", ("tea",), (("27",),), context=("Who came?", "When?"))
    assistant = FakeAssistant({})
    run_question(assistant, question, {})  # type: ignore[arg-type]
    assert assistant.asked == [("retrieve", "And then?", ("Who came?", "When?")), ("ask", "And then?", ("Who came?", "When?"))]


@pytest.mark.parametrize(
    ("works", "aliases", "expected"),
    [
        (("tea",), {}, True),
        (("000",), {}, True),
        (("lanterns",), {}, False),
        (("001",), {"001": "tea"}, True),
        (("001",), {"001": "lanterns"}, False),
    ],
)
def test_works_are_named_by_id_file_name_or_alias(works: tuple[str, ...], aliases: dict[str, str], expected: bool) -> None:
    assert asked(replace(HOW_MANY, works=works), [PICKERS], aliases=aliases).held[500] is expected


def test_a_work_that_the_index_does_not_hold() -> None:
    with pytest.raises(EvaluationError) as caught:
        asked(replace(HOW_MANY, works=("00",)), [PICKERS])
    assert str(caught.value) == (
        "Question q1 is about the work '00', which the index does not hold. "
        "Index that work first, or say with --works which works the names stand for."
    )


def test_relevant_passages_hold_the_evidence_or_else_the_answer() -> None:
    by_evidence = replace(HOW_MANY, evidence=("They  stayed\nthree seasons", "closed in 2014"))
    assert asked(by_evidence).relevant == {SEASONS.id: 1, SCHOOL.id: 1}
    assert asked(HOW_MANY).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, evidence=("stands nowhere",))).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, evidence=("forty lanterns",))).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, answer_any=())).relevant == {}


def test_ranking_measures() -> None:
    """Two relevant passages at ranks 2 and 3, and a question whose one relevant passage is not found."""
    first = replace(HOW_MANY, id="a", evidence=("three seasons", "closed in 2014"))
    outcomes = [asked(first, [PICKERS, SEASONS, SCHOOL]), asked(replace(HOW_MANY, id="b"), [BENCH])]
    figures = measures(outcomes)
    ideal = 1 + 1 / log2(3)
    assert figures["MRR"] == pytest.approx((1 / 2 + 0) / 2)
    assert figures["recall@5"] == pytest.approx((1 + 0) / 2)
    assert figures["recall@10"] == pytest.approx((1 + 0) / 2)
    assert figures["nDCG@10"] == pytest.approx(((1 / log2(3) + 1 / log2(4)) / ideal + 0) / 2)


def test_recall_looks_at_the_first_five_and_ten() -> None:
    fillers = [replace(BENCH, id=f"filler {number}") for number in range(9)]
    figures = measures([asked(HOW_MANY, [*fillers[:5], PICKERS])])
    assert (figures["recall@5"], figures["recall@10"], figures["MRR"]) == (0, 1, pytest.approx(1 / 6))
    figures = measures([asked(HOW_MANY, [*fillers, replace(BENCH, id="tenth"), PICKERS])])
    assert (figures["recall@10"], figures["nDCG@10"], figures["MRR"]) == (0, 0, pytest.approx(1 / 11))


# Answers and citations


def test_right_answer_is_judged_on_the_joined_sentences() -> None:
    both = replace(HOW_MANY, answer_any=(("27",), ("three seasons",)))
    outcome = asked(both, given=answer("?", quoted(PICKERS), quoted(SEASONS)))
    assert (outcome.right_answer, outcome.answered, outcome.words, outcome.sentences) == (True, True, 11, 2)
    assert not asked(both, given=answer("?", quoted(PICKERS))).right_answer


def test_a_refusal_is_never_a_right_answer() -> None:
    refused = replace(answer("?", quoted(PICKERS)), answered=False)
    assert not asked(HOW_MANY, given=refused).right_answer


def test_citations_are_checked_against_the_text() -> None:
    right = quoted(PICKERS)
    moved = quoted(PICKERS, start=PICKERS.start + 3)
    invented = quoted(PICKERS, quote="In 2012 the village hired 72 pickers.")
    outcome = asked(HOW_MANY, given=answer("?", right, moved, invented))
    assert (outcome.citations, outcome.valid_citations) == (3, 1)
    assert measures([outcome])["valid citations"] == pytest.approx(1 / 3)


def test_offsets_within_a_page() -> None:
    assistant = FakeAssistant({}, {"How many pickers?": answer("?", quoted(SEASONS, start=0, end=26, page=2, offsets="page"))})
    pages = (Page(1, "1", 0, SEASONS.start), Page(2, "2", SEASONS.start, len(TEXTS["tea"])))
    assistant.index.documents["tea"] = replace(document("tea"), pages=pages)
    assert run_question(assistant, HOW_MANY, {}).valid_citations == 1  # type: ignore[arg-type]
    assistant.index.documents["tea"] = replace(document("tea"), pages=(replace(pages[0], number=2), pages[1]))
    assert run_question(assistant, HOW_MANY, {}).valid_citations == 0  # type: ignore[arg-type]


def test_medians_are_over_answered_questions() -> None:
    outcomes = [
        asked(replace(HOW_MANY, id="a"), given=answer("?", quoted(PICKERS))),
        asked(replace(HOW_MANY, id="b"), given=answer("?", quoted(PICKERS), quoted(SEASONS))),
        asked(replace(HOW_MANY, id="c")),
    ]
    figures = measures(outcomes)
    assert (figures["median words"], figures["median sentences"]) == (9, 1.5)
    assert figures["right answer"] == pytest.approx(2 / 3)


# Refusals


def outcome(answerable: bool, answered: bool, confidence: float) -> Outcome:
    question = replace(HOW_MANY, id=f"{answerable}{answered}{confidence}", answer_any=(("27",),) if answerable else ())
    made = asked(question, given=answer("?", quoted(PICKERS), confidence=confidence))
    return replace(made, answered=answered)


def test_precision_and_recall_of_refusals() -> None:
    outcomes = [
        outcome(True, True, 0.9),
        outcome(True, True, 0.8),
        outcome(True, False, 0.3),
        outcome(False, False, 0.2),
        outcome(False, False, 0.1),
        outcome(False, True, 0.85),
        outcome(False, True, 0.7),
    ]
    figures = measures(outcomes)
    assert figures["questions"] == 7
    assert figures["refusal precision"] == pytest.approx(2 / 3)
    assert figures["refusal recall"] == pytest.approx(2 / 4)
    # Of the 12 pairs, 0.9 wins 4, 0.8 wins 3 and 0.3 wins 2.
    assert figures["confidence AUROC"] == pytest.approx(9 / 12)


def test_measures_that_cannot_be_given_are_left_out() -> None:
    only_answerable = measures([outcome(True, True, 0.9)])
    assert not {"refusal precision", "refusal recall", "confidence AUROC"} & set(only_answerable)
    only_unanswerable = measures([replace(outcome(False, False, 0.9), citations=0)])
    assert only_unanswerable == {"questions": 1}
    nothing_refused = measures([outcome(True, True, 0.9), outcome(False, True, 0.2)])
    assert "refusal precision" not in nothing_refused
    assert nothing_refused["refusal recall"] == 0


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1),
        ([0.1], [0.9], 0),
        ([0.5], [0.5], 0.5),
        ([0.5, 0.9], [0.5, 0.1], (0.5 + 1 + 1 + 1) / 4),
    ],
)
def test_auroc(positive: list[float], negative: list[float], expected: float) -> None:
    assert auroc(positive, negative) == pytest.approx(expected)


# The whole


def test_figures_by_group() -> None:
    ja = Question("q2", "摘み手は何人？", "ja", "number", ("tea",), (("27",),))
    unanswerable = Question("u1", "Who won the cup?", "en", "off_topic")
    assistant = FakeAssistant({HOW_MANY.text: [PICKERS]}, {HOW_MANY.text: answer("?", quoted(PICKERS))})
    told: list[tuple[int, int]] = []
    figures = evaluate(assistant, [HOW_MANY, ja, unanswerable], lambda done, total: told.append((done, total)))  # type: ignore[arg-type]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert list(figures["groups"]) == ["all", "en", "ja", "type: number"]
    assert figures["fingerprint"] == "f" * 64
    assert figures["groups"]["all"]["questions"] == 3
    assert figures["groups"]["all"]["AR@500"] == 0.5
    assert figures["groups"]["en"]["AR@500"] == 1
    assert figures["groups"]["ja"]["AR@500"] == 0
    assert figures["groups"]["all"]["refusal precision"] == 0.5
    assert figures["groups"]["en"]["refusal precision"] == 1
    assert [line["id"] for line in figures["questions"]] == ["q1", "q2", "u1"]
    assert figures["questions"][0] == {
        "id": "q1", "answered": True, "confidence": 0.9, "right answer": True, "first passage": True, "words": 7,
        "AR@250": True, "AR@500": True, "AR@1000": True,
    }  # fmt: skip
    assert json.loads(json.dumps(figures)) == figures
    rows = summary_rows(figures)
    assert rows[0] == ["questions", "3", "2", "1", "2"]
    assert ["AR@500", "0.500", "1.000", "0.000", "0.500"] in rows
    assert ["refusal recall", "1.000", "1.000", "", ""] in rows


def test_no_questions_and_repeated_ids() -> None:
    assistant: Any = FakeAssistant({})
    with pytest.raises(EvaluationError, match=r"There are no questions\."):
        evaluate(assistant, [])
    with pytest.raises(EvaluationError, match=r"The id 'q1' stands in two question files\."):
        evaluate(assistant, [HOW_MANY, HOW_MANY])


# Question files


def test_a_question_file(tmp_path: Path) -> None:
    path = tmp_path / "質問 file.jsonl"
    lines = [
        {
            "id": "a1", "question": "How many?", "language": "en", "type": "number", "doc": ["000"], "answer": "27",
            "answer_any": [["27", "twenty-seven"]], "evidence": ["27 pickers"], "section": "1", "context": ["Who came?"],
        },
        {"id": "u1", "question": "Line\u2028separator?", "language": "ja", "kind": "off_topic"},
        {"id": "u2", "question": "Bare?"},
    ]  # fmt: skip
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode())
    assert load_questions(path) == [
        Question("a1", "How many?", "en", "number", ("000",), (("27", "twenty-seven"),), ("27 pickers",), ("Who came?",)),
        Question("u1", "Line\u2028separator?", "ja", "off_topic"),
        Question("u2", "Bare?", "en", ""),
    ]
    assert [question.answerable for question in load_questions(path)] == [True, False, False]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2, is not JSON: Expecting property name enclosed in double quotes."),
        ("[1]", "line 2: it is not a JSON object."),
        ('{"question": "Q?"}', "line 2: the field 'id' is missing."),
        ('{"id": "b"}', "line 2: the field 'question' is missing."),
        ('{"id": 7, "question": "Q?"}', "line 2: 'id' is not a text."),
        ('{"id": "b", "question": " "}', "line 2: 'question' is not a text."),
        ('{"id": "b", "question": "Q?", "doc": "000"}', "line 2: 'doc' is not a list of texts."),
        ('{"id": "b", "question": "Q?", "answer_any": "27"}', "line 2: 'answer_any' is not a list of lists."),
        ('{"id": "b", "question": "Q?", "answer_any": ["27"]}', "line 2: 'answer_any' is not a list of lists of texts."),
        ('{"id": "b", "question": "Q?", "answer_any": [[]]}', "line 2: 'answer_any' is not a list of lists of texts."),
        ('{"id": "b", "question": "Q?", "evidence": [1]}', "line 2: 'evidence' is not a list of texts."),
        ('{"id": "b", "question": "Q?", "context": null}', "line 2: 'context' is not a list of texts."),
        ('{"id": "a", "question": "Q?"}', "line 2: the id 'a' is there already."),
    ],
)
def test_a_wrong_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "a", "question": "Q?"}\n' + line + "\n")
    with pytest.raises(EvaluationError) as caught:
        load_questions(path)
    assert str(caught.value) == f"{path}, {message} docs/evaluation.md gives the fields."


def test_files_that_hold_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    with pytest.raises(EvaluationError) as caught:
        load_questions(path)
    assert str(caught.value) == f"{path} cannot be read: No such file or directory. Check the path."
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(EvaluationError, match=r"q\.jsonl is not UTF-8 text\."):
        load_questions(path)
    path.write_text("\n\n")
    with pytest.raises(EvaluationError, match=r"There are no questions in .*q\.jsonl\."):
        load_questions(path)


SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the gold questions are not beside the project")
def test_the_gold_questions_are_in_this_form() -> None:
    questions = load_questions(SHARED / "gold" / "answerable.jsonl")
    assert len(questions) == 202
    assert all(question.answerable and question.works for question in questions)
    assert not any(question.answerable for question in load_questions(SHARED / "gold" / "unanswerable.jsonl"))
