"""Re-checks each citation of answers against the file itself, without the index.

A citation is `ok` only when a file with the recorded SHA-256 is found and the quote stands in it at the recorded place, character
by character up to `quotation.normalise`; the parallel of a study note's citation is checked like one of its own. Title, authors and
year are compared with the hits in the same answer, since the file alone cannot prove them; section names are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askjapan.citations.answer_files import answer_of
from askjapan.citations.cited_files import CitedFiles, Status, shown
from askjapan.language.quotation import fingerprint, normalise
from askjapan.records import Answer, Citation, Document, Sentence

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result for one citation, or for a sentence that differs from its citations or that its quotes do not support.

    `status` is `ok`; `changed` (a file of that path or name is there, with other contents); `missing` (no such file);
    `unreadable` (the file is there but cannot be read); `unconfirmed` (a second engine does not read the same in the PDF, where
    that was asked for); or `wrong` (the answer says what the file does not). `detail` says which
    part and what stands there; for `ok` it is empty, or says where a moved file was found. A quoted sentence without citations
    has `marker` 0 and no document; a written sentence has no document.
    """

    marker: int
    document_id: str
    title: str
    status: Status
    detail: str


def verify(answers: Sequence[Mapping[str, Any]], folders: Sequence[Path], *, independent: bool = False) -> list[Verdict]:
    """Check every citation and every quoted sentence, in the order of the answers.

    Args:
        answers: as from `load_answers` or `Answer.to_dict()`.
        folders: searched, with their subfolders, for files that are not at their recorded path.
        independent: look for the figures, dates and names of quotes from PDFs in the second engine's reading of the page, too.

    Raises:
        AnswerFileError: a field is missing or of the wrong type.
    """
    files = CitedFiles(folders, independent)
    verdicts: list[Verdict] = []
    for number, data in enumerate(answers):
        answer = answer_of(data, f"answers[{number}]")
        for sentence in answer.sentences:
            cited = (each for citation in sentence.citations for each in (citation, *_beside(citation)))
            verdicts += [_check(citation, answer, files) for citation in cited]
            verdicts += _check_sentence(sentence)
        verdicts += _check_written(answer)
    return verdicts


def _check_sentence(sentence: Sentence) -> Iterator[Verdict]:
    if sentence.kind not in ("quote", "companion"):
        return
    if not sentence.citations:
        yield Verdict(0, "", "", "wrong", f"A quoted sentence has no citation: {shown(sentence.text)}.")
        return
    if normalise(sentence.text) != "".join(normalise(citation.quote) for citation in sentence.citations):
        first = sentence.citations[0]
        quotes = " ".join(citation.quote for citation in sentence.citations)
        detail = f"The sentence is not what its citations quote: it reads {shown(sentence.text)}, they read {shown(quotes)}."
        yield Verdict(first.marker, first.document_id, first.title, "wrong", detail)


def _check_written(answer: Answer) -> Iterator[Verdict]:
    """Verdicts on written sentences that are shown as supported but that the quotes of the same answer do not support."""
    if answer.written is None:
        return
    from askjapan.citations.writer.groundedness import check_numbered

    for sentence in answer.written.sentences:
        support = check_numbered(sentence.text, sentence.numbers, answer.quotes)
        if sentence.supported and not support.supported:
            lacking = f": {', '.join(map(shown, support.missing))}" if support.missing else ""
            detail = f"A written sentence passes for supported, but its quotes do not carry it: {shown(sentence.text)}{lacking}."
            yield Verdict(next(iter(sentence.numbers), 0), "", f"written by {answer.written.model}", "wrong", detail)


def _check(citation: Citation, answer: Answer, files: CitedFiles) -> Verdict:
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
    """Contradictions within a citation, so that a tampered one does not pass for one of a changed file."""
    if not normalise(citation.quote):
        yield "The quote is empty."
    if not _SHA256.fullmatch(citation.document_sha256):
        yield f"document_sha256 is no SHA-256: {shown(citation.document_sha256)}."
    known = fingerprint(citation.quote)
    if citation.quote_sha256 != known:
        yield f"quote_sha256 is not that of the quote: {shown(citation.quote_sha256)} instead of “{known}”."
    if citation.page is None and (citation.offsets == "page" or citation.page_label is not None):
        yield "The page is missing."


def _faults_beside_hits(citation: Citation, answer: Answer) -> Iterator[str]:
    document = next((hit.document for hit in answer.hits if hit.document.id == citation.document_id), None)
    if document is None:
        return
    for name, said, known in _shared_facts(citation, document):
        if said != known:
            yield f"{name} is not that of the document in the answer's hits: {shown(str(said))} instead of {shown(str(known))}."


def _shared_facts(citation: Citation, document: Document) -> tuple[tuple[str, object, object], ...]:
    return (
        ("document_sha256", citation.document_sha256, document.sha256),
        ("document_kind", citation.document_kind, document.kind),
        ("title", citation.title, document.title),
        ("authors", "; ".join(citation.authors), "; ".join(document.authors)),
        ("year", citation.year, document.year),
    )
