"""Answers → each citation re-checked against the file itself, without the index.

A citation is `ok` only when a file with the recorded SHA-256 is found and the quote stands in it at the recorded place, character
by character up to `quotation.normalise`; the parallel of a study note's citation is checked like one of its own. Title, authors and
year are compared with the hits in the same answer, since the file alone cannot prove them; section names are not checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from askjapan.documents.readers import is_supported, read_again
from askjapan.documents.readers.ocr import read_whole
from askjapan.errors import AnswerFileError, CatalogueError, ReadingError
from askjapan.file_names import path_of, path_text
from askjapan.foreign_data import parse_json
from askjapan.language.quotation import clean, fingerprint, normalise, same
from askjapan.records import Answer, Citation, Document, Page, Reading, Sentence

Status = Literal["ok", "changed", "missing", "unreadable", "wrong", "unconfirmed"]
SHOWN = 120
ANSWER_FORMAT = "askjapan answer 1"
CONVERSATION_FORMAT = "askjapan conversation 1"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one citation, or of a sentence that its citations do not make up or its quotes do not carry.

    `status` is `ok`; `changed` (a file of that path or name is there, with other contents); `missing` (no such file);
    `unreadable` (the file is there but cannot be read); `unconfirmed` (a second engine does not read the same in the PDF, where
    that was asked for); or `wrong` (the answer says what the file does not). `detail` says which
    part and what stands there; for `ok` it is empty, or says where a moved file was found. A quoted sentence without citations
    has `marker` 0 and no document.
    """

    marker: int
    document_id: str
    title: str
    status: Status
    detail: str


def load_answers(path: Path) -> list[dict[str, Any]]:
    """The answers of a JSON file that is one answer or a conversation, in order, checked field by field.

    Raises:
        AnswerFileError: the file cannot be opened, is no JSON, or is no answer; says which field is wrong.
    """
    try:
        data = parse_json(path.read_bytes())
    except OSError as error:
        raise AnswerFileError(f"{path} cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:
        raise AnswerFileError(f"{path} is not JSON: {error}.") from error
    answers = _answers_in(data, str(path))
    for number, answer in enumerate(answers):
        answer_of(answer, f"{path}: answers[{number}]" if len(answers) > 1 else str(path))
    return answers


def answer_of(data: object, where: str = "answer") -> Answer:
    """The record that `Answer.to_dict()` was made from; keys that the record does not have are passed over.

    Args:
        data: an answer as JSON data.
        where: how errors name it.

    Raises:
        AnswerFileError: the format is another one, or a field is missing or of the wrong type.
    """
    form = data.get("format") if isinstance(data, Mapping) else None
    if form != ANSWER_FORMAT:
        raise AnswerFileError(f"{where} is not an answer: its format is {form!r}, not {ANSWER_FORMAT!r}.")
    from pydantic import TypeAdapter, ValidationError

    try:
        # In strict mode only JSON input may have lists where the records have tuples.
        return TypeAdapter(Answer).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise AnswerFileError(f"{where}{place} cannot be used: {first['msg']}.") from error
    except (TypeError, ValueError) as error:
        raise AnswerFileError(f"{where} is not JSON data: {error}.") from error


def verify(answers: Sequence[Mapping[str, Any]], folders: Sequence[Path], *, independent: bool = False) -> list[Verdict]:
    """Check every citation and every quoted sentence, in the order of the answers.

    Args:
        answers: as from `load_answers` or `Answer.to_dict()`.
        folders: searched, with their subfolders, for files that are not at their recorded path.
        independent: look for the figures, dates and names of quotes from PDFs in the second engine's reading of the page, too.

    Raises:
        AnswerFileError: a field is missing or of the wrong type.
    """
    files = _Files(folders, independent)
    verdicts: list[Verdict] = []
    for number, data in enumerate(answers):
        answer = answer_of(data, f"answers[{number}]")
        for sentence in answer.sentences:
            cited = (each for citation in sentence.citations for each in (citation, *_beside(citation)))
            verdicts += [_check(citation, answer, files) for citation in cited]
            verdicts += _check_sentence(sentence)
        verdicts += _check_written(answer)
    return verdicts


def _answers_in(data: object, where: str) -> list[dict[str, Any]]:
    form = data.get("format") if isinstance(data, dict) else None
    if isinstance(data, dict) and form == ANSWER_FORMAT:
        return [data]
    if isinstance(data, dict) and form == CONVERSATION_FORMAT:
        answers = data.get("answers")
        if isinstance(answers, list) and all(isinstance(answer, dict) for answer in answers):
            return answers
        raise AnswerFileError(f"{where} is a conversation whose `answers` is not a list of answers.")
    raise AnswerFileError(f"{where} is not an answer: its format is {form!r}, not {ANSWER_FORMAT!r} or {CONVERSATION_FORMAT!r}.")


def _check_sentence(sentence: Sentence) -> Iterator[Verdict]:
    if sentence.kind not in ("quote", "companion"):
        return
    if not sentence.citations:
        yield Verdict(0, "", "", "wrong", f"A quoted sentence has no citation: {_shown(sentence.text)}.")
        return
    if normalise(sentence.text) != "".join(normalise(citation.quote) for citation in sentence.citations):
        first = sentence.citations[0]
        quotes = " ".join(citation.quote for citation in sentence.citations)
        detail = f"The sentence is not what its citations quote: it reads {_shown(sentence.text)}, they read {_shown(quotes)}."
        yield Verdict(first.marker, first.document_id, first.title, "wrong", detail)


def _check_written(answer: Answer) -> Iterator[Verdict]:
    """What is shown as supported must be so by the quotes in the same answer."""
    if answer.written is None:
        return
    from askjapan.citations.writer.groundedness import check_numbered

    for sentence in answer.written.sentences:
        found = check_numbered(sentence.text, sentence.numbers, answer.quotes)
        if sentence.supported and not found.supported:
            lacking = f": {', '.join(map(_shown, found.missing))}" if found.missing else ""
            detail = f"A written sentence passes for supported, but its quotes do not carry it: {_shown(sentence.text)}{lacking}."
            yield Verdict(next(iter(sentence.numbers), 0), "", f"written by {answer.written.model}", "wrong", detail)


def _check(citation: Citation, answer: Answer, files: _Files) -> Verdict:
    faults = [*_own_faults(citation), *_faults_beside_hits(citation, answer)]
    status, detail = files.check(citation)
    return Verdict(
        citation.marker,
        citation.document_id,
        citation.title,
        "wrong" if faults else status,
        " ".join([*faults, detail]).strip(),
    )


def _beside(citation: Citation) -> Iterator[Citation]:
    """The parallel of a study note's citation as a citation of its own, which is checked in the same way."""
    if (other := citation.parallel) is not None:
        yield replace(
            citation,
            document_id=other.document_id,
            document_sha256=other.document_sha256,
            path=other.path,
            start=other.start,
            end=other.end,
            quote=other.text,
            quote_sha256=fingerprint(other.text),
            parallel=None,
        )


def _own_faults(citation: Citation) -> Iterator[str]:
    """What contradicts itself, so that a tampered citation does not pass for one of a changed file."""
    if not normalise(citation.quote):
        yield "The quote is empty."
    if not _SHA256.fullmatch(citation.document_sha256):
        yield f"document_sha256 is no SHA-256: {_shown(citation.document_sha256)}."
    known = fingerprint(citation.quote)
    if citation.quote_sha256 != known:
        yield f"quote_sha256 is not that of the quote: {_shown(citation.quote_sha256)} instead of “{known}”."
    if citation.page is None and (citation.offsets == "page" or citation.page_label is not None):
        yield "The page is missing."


def _faults_beside_hits(citation: Citation, answer: Answer) -> Iterator[str]:
    document = next((hit.document for hit in answer.hits if hit.document.id == citation.document_id), None)
    if document is None:
        return
    for name, said, known in _shared_facts(citation, document):
        if said != known:
            yield f"{name} is not that of the document in the answer's hits: {_shown(str(said))} instead of {_shown(str(known))}."


def _shared_facts(citation: Citation, document: Document) -> tuple[tuple[str, object, object], ...]:
    return (
        ("document_sha256", citation.document_sha256, document.sha256),
        ("document_kind", citation.document_kind, document.kind),
        ("title", citation.title, document.title),
        ("authors", "; ".join(citation.authors), "; ".join(document.authors)),
        ("year", citation.year, document.year),
    )


@dataclass(slots=True)
class _Files:
    """The files that citations may be found in; each is listed, hashed and read at most once."""

    folders: Sequence[Path]
    independent: bool = False
    _listed: list[Path] | None = None
    _hashes: dict[str, str] = field(default_factory=dict)
    _readings: dict[Path, Reading | str] = field(default_factory=dict)
    _second: dict[Path, tuple[str, ...] | str] = field(default_factory=dict)

    def check(self, citation: Citation) -> tuple[Status, str]:
        """The status of a citation whose own fields are sound, with its detail."""
        candidates = self._candidates(citation)
        path = next((path for path in candidates if self._hash(path) == citation.document_sha256), None)
        if path is None:
            return self._without_file(citation, candidates)
        reading = self._read(path)
        if isinstance(reading, str):
            return "unreadable", reading
        if fault := _fault_in_text(citation, reading):
            return "wrong", fault
        if self.independent and (doubt := self._doubt(citation, path, reading)):
            return "unconfirmed", doubt
        return "ok", "" if path in self._recorded(citation) else f"Not at {citation.path}; found as {path_text(path)}."

    def _doubt(self, citation: Citation, path: Path, reading: Reading) -> str:
        """What of the quote the second engine does not read on its page; empty if nothing, or if the file is no PDF."""
        page = next((page for page in reading.pages if page.number == citation.page), None)
        if path.suffix.lower() != ".pdf" or page is None:
            return ""
        if path not in self._second:
            try:
                self._second[path] = read_again(path)
            except ReadingError as error:
                self._second[path] = str(error)
        second = self._second[path]
        if isinstance(second, str):
            return f"There is no second reading: {second}"
        from askjapan.documents.readers.pdf.second.agreement import unconfirmed

        base = 0 if citation.offsets == "page" else page.start
        start, end = citation.start - base, citation.end - base
        text = reading.text[page.start : page.end]
        other = second[page.number - 1] if page.number <= len(second) else ""
        words = dict.fromkeys(text[low:high] for low, high in unconfirmed(text, other) if start <= low < end)
        return f"Not in a second reading of page {page.number}: {', '.join(words)}." if words else ""

    def _without_file(self, citation: Citation, candidates: Sequence[Path]) -> tuple[Status, str]:
        recorded, name = self._recorded(citation), _name(citation)
        for path in candidates:
            if path not in recorded and path_text(path.name) != name:
                continue
            if not self._hash(path):
                return "unreadable", f"{path_text(path)} cannot be opened."
            begins = f"its SHA-256 begins {self._hash(path)[:12]}, recorded is {citation.document_sha256[:12]}"
            return "changed", f"{path_text(path)} is not the file that was quoted: {begins}."
        absent = [str(folder) for folder in self.folders if not folder.exists()]
        where = f", nor under {', '.join(map(str, self.folders))}" if self.folders else ""
        gone = f" There is no {', '.join(absent)}." if absent else ""
        return "missing", f"No file with the SHA-256 {citation.document_sha256[:12]}… at {citation.path}{where}.{gone}"

    def _recorded(self, citation: Citation) -> list[Path]:
        """The recorded path as it stands and under each folder, where there is such a file."""
        places = [path_of(citation.path), *(path_of(str(folder / citation.path)) for folder in self.folders)]
        return [place for place in dict.fromkeys(places) if _is_file(place) and is_supported(place)]

    def _candidates(self, citation: Citation) -> list[Path]:
        """The recorded path first, then files of the same name, then of the same kind: the likeliest is hashed first."""
        name, suffix = _name(citation), Path(_name(citation)).suffix.lower()
        if self._listed is None:
            self._listed = [path for folder in self.folders for path in _files_under(folder)]
        rest = sorted(self._listed, key=lambda path: (path_text(path.name) != name, path.suffix.lower() != suffix))
        return list(dict.fromkeys([*self._recorded(citation), *rest]))

    def _hash(self, path: Path) -> str:
        """SHA-256 of the file's bytes; empty where it cannot be opened, so that it is equal to no recorded one."""
        # One file may be named by a relative, an absolute and a linked path.
        real = os.path.realpath(path)
        if real not in self._hashes:
            try:
                with path.open("rb") as file:
                    self._hashes[real] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                self._hashes[real] = ""
        return self._hashes[real]

    def _read(self, path: Path) -> Reading | str:
        if path not in self._readings:
            try:
                self._readings[path] = read_whole(path)
            except (ReadingError, CatalogueError) as error:
                self._readings[path] = str(error)
        return self._readings[path]


def _files_under(folder: Path) -> list[Path]:
    if _is_file(folder):
        return [folder] if is_supported(folder) else []
    found = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if is_supported(path) and _is_file(path) and not _leads_out(path, folder))


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether a file is a link to something outside the folder, which may be anything, also what never ends."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _is_file(path: Path) -> bool:
    """Never raises: a path in a tampered answer may be too long for the system."""
    try:
        return path.is_file()
    except OSError:
        return False


def _name(citation: Citation) -> str:
    """The file's name, also where the path was recorded on Windows."""
    return re.split(r"[\\/]", citation.path)[-1]


def _fault_in_text(citation: Citation, reading: Reading) -> str:
    page, fault = _page(citation, reading)
    if fault or (page is None and citation.offsets == "page"):
        return f"{fault} {_elsewhere(citation, reading)}" if fault else _elsewhere(citation, reading)
    text = reading.text[page.start : page.end] if page and citation.offsets == "page" else reading.text
    start, end = citation.start, citation.end
    place = f"offsets {start} to {end}" + (f" of page {page.number}" if page else "")
    if not 0 <= start < end <= len(text):
        return f"There are no {place}: the text has {len(text)} characters. {_elsewhere(citation, reading)}"
    if not same(text[start:end], citation.quote):
        return f"At {place} stands {_shown(clean(text[start:end]))}. {_elsewhere(citation, reading)}"
    return ""


def _page(citation: Citation, reading: Reading) -> tuple[Page | None, str]:
    """The page that the citation names, or what is wrong with it."""
    if citation.page is None:
        return None, ""
    page = next((page for page in reading.pages if page.number == citation.page), None)
    if page is None:
        there = f"it has {len(reading.pages)}" if reading.pages else "it has no pages"
        return None, f"The file has no page {citation.page}: {there}."
    if page.recognised != citation.recognised:
        return page, f"recognised is wrong: page {page.number} {'was' if page.recognised else 'was not'} read by OCR."
    if page.label != citation.page_label:
        return page, f"page_label is wrong: page {page.number} is labelled {page.label!r}, not {citation.page_label!r}."
    if citation.offsets == "document" and not page.start <= citation.start < page.end:
        return page, f"Offset {citation.start} is not on page {page.number}, which holds {page.start} to {page.end}."
    return page, ""


def _elsewhere(citation: Citation, reading: Reading) -> str:
    """Tells a moved quote from an invented one."""
    quote = normalise(citation.quote)
    if quote not in normalise(reading.text):
        return "The quote is nowhere in the file."
    pages = [str(page.number) for page in reading.pages if quote in normalise(reading.text[page.start : page.end])]
    return f"The quote stands elsewhere in the file{', on page ' + ', '.join(pages) if pages else ''}: the place is wrong."


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= SHOWN else flat[:SHOWN] + '…'}”"
