"""Files → documents, texts and passages: each file is read once or taken over, and a work stands in the index once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from askjapan.documents.blocks import blocks_of
from askjapan.documents.facts.catalogue import Catalogue, describe
from askjapan.documents.facts.given_facts import facts_path, load_given
from askjapan.documents.passages import Sizes, marked, split
from askjapan.documents.readers import is_supported
from askjapan.documents.readers.ocr import read_whole
from askjapan.documents.readers.text.mojibake import mojibake
from askjapan.documents.study_note import edition_passages, is_study_note, note_passages
from askjapan.errors import CatalogueError, LibraryError, ReadingError, UnreadableText, UnsupportedFormat
from askjapan.file_names import path_text
from askjapan.index.encoders.embedding import Progress
from askjapan.index.report import pages_with_text
from askjapan.index.reuse import Earlier
from askjapan.index.works.corpus import all_files, digest_of, not_read
from askjapan.readings import FileReport, Reading
from askjapan.records import Document, Passage


@dataclass
class Gathered:
    """What reading has gathered so far."""

    documents: list[Document] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reports: dict[str, FileReport] = field(default_factory=dict)
    kept: dict[str, tuple[str, list[Passage]]] = field(default_factory=dict)
    """Text and passages, by path, of what did not have to be read again."""
    kept_documents: set[str] = field(default_factory=set)

    def file_reports(self) -> tuple[FileReport, ...]:
        """A line a file in the order of their paths, with what became of each."""
        ids = {document.path: document.id for document in self.documents}
        return tuple(
            replace(
                line,
                document_id=ids.get(path, ""),
                left_out=self.skipped.get(path, ""),
                replaced_by=self.replaced.get(path, ""),
            )
            for path, line in sorted(self.reports.items())
        )


def gather(folders: Sequence[Path], catalogue: Catalogue, sizes: Sizes, earlier: Earlier | None, progress: Progress) -> Gathered:
    """Read all files of the folders; what cannot be read is left out, with the reason.

    Raises:
        LibraryError: there is nothing to index.
    """
    corpus = Gathered()
    paths = []
    for path, reason in not_read(folders):
        corpus.reports[path_text(path)] = FileReport(path_text(path))
        corpus.skipped[path_text(path)] = path_text(reason)
    for path in all_files(folders):
        corpus.reports[path_text(path)] = FileReport(path_text(path))
        if is_supported(path):
            paths.append(path)
        else:
            corpus.skipped[path_text(path)] = str(UnsupportedFormat(f"{path.name} has no reader."))
    if not paths:
        raise LibraryError(
            f"There is nothing to index in {', '.join(map(str, folders))}.{_reasons(corpus)}",
            "Add files with `askjapan add FILE`.",
        )
    read_files = []
    for number, path in enumerate(paths):
        progress("reading", number, len(paths))
        if (found := _read_one(path, catalogue, corpus, earlier, progress)) is not None:
            read_files.append(found)
    _choose(read_files, corpus, sizes)
    progress("reading", len(paths), len(paths))
    if not corpus.passages:
        raise LibraryError(f"None of the {len(paths)} files could be read.{_reasons(corpus)}", "Add a file that can be read.")
    return corpus


def _read_one(
    path: Path, catalogue: Catalogue, corpus: Gathered, earlier: Earlier | None, progress: Progress
) -> tuple[Document, Reading] | None:
    digest, place = earlier.digest(path) if earlier else digest_of(path), path_text(path)
    twin = next((known for known, other in corpus.files.items() if digest and other == digest), None)
    corpus.files[path_text(os.path.abspath(path))] = digest
    if os.path.isfile(facts := facts_path(path)):
        corpus.files[path_text(os.path.abspath(facts))] = digest_of(facts)
    if twin is not None:
        corpus.skipped[place] = f"The same contents are in the corpus already, as {twin}."
        return None
    if earlier and (kept := earlier.read_of(path, digest)):
        document, text, passages, line = kept
        corpus.kept[place] = (text, passages)
        if line.warnings:
            corpus.warnings[place] = line.warnings
        corpus.reports[place] = replace(line, document_id="", left_out="", replaced_by="")
        return document, Reading(text)
    try:
        reading = read_whole(path, progress)
        # A lone surrogate can be neither stored nor embedded.
        if any("\ud800" <= character <= "\udfff" for character in reading.text):
            raise UnreadableText(f"{path.name} holds characters that are not valid Unicode.")
        document = describe(path, digest, reading, catalogue, load_given(path))
    except (ReadingError, CatalogueError) as error:
        corpus.skipped[place] = str(error)
        return None
    warnings = (*reading.warnings, *filter(None, (mojibake(reading.text),)))
    if warnings:
        corpus.warnings[place] = warnings
    corpus.reports[place] = FileReport(
        place,
        pages=len(reading.pages),
        pages_with_text=pages_with_text(reading),
        pages_recognised=sum(page.recognised for page in reading.pages),
        words=document.words,
        warnings=warnings,
    )
    return document, reading


def _choose(read_files: Sequence[tuple[Document, Reading]], corpus: Gathered, sizes: Sizes) -> None:
    full_texts = {document.id: document for document, _ in read_files if document.kind == "full text"}
    editions = {document.edition_of for document, _ in read_files}
    # Another edition of a note is cut where its first edition is.
    for document, reading in sorted(read_files, key=lambda found: bool(found[0].edition_of)):
        work = full_texts.get((document.edition_of or document.id).removesuffix("-note"))
        if document.kind == "study note" and work is not None:
            if not document.edition_of:
                corpus.replaced[document.path] = work.path
            # What a companion is for is its other language.
            if is_study_note(reading) and (document.edition_of or document.id) in editions:
                _take(replace(document, companion_of=work.id), reading, corpus, sizes)
        elif document.id in corpus.texts:
            corpus.skipped[document.path] = f"The same work is in the corpus already, as {_path_of(corpus, document.id)}."
        else:
            _take(document, reading, corpus, sizes)


def _take(document: Document, reading: Reading, corpus: Gathered, sizes: Sizes) -> None:
    """Put a document into the corpus with its passages."""
    if document.path in corpus.kept:
        corpus.texts[document.id], passages = corpus.kept[document.path]
        corpus.documents.append(document)
        corpus.passages += passages
        corpus.kept_documents.add(document.id)
        return
    if document.edition_of and document.edition_of not in corpus.texts:
        # The edition that it stands beside is not here, so it is the note itself.
        document = replace(document, edition_of="")
    if passages := _passages(document, reading, corpus, sizes):
        corpus.documents.append(document)
        corpus.texts[document.id] = reading.text
        corpus.passages += passages
    else:
        corpus.skipped[document.path] = f"{Path(document.path).name} has headings or furniture only, no text to quote."


def _passages(document: Document, reading: Reading, corpus: Gathered, sizes: Sizes) -> list[Passage]:
    if not is_study_note(reading):
        return marked(split(document, reading.text, blocks_of(reading), sizes), reading.unconfirmed)
    if not document.edition_of:
        return note_passages(document, reading, sizes)
    lead = [passage for passage in corpus.passages if passage.document_id == document.edition_of]
    return edition_passages(document, reading, lead, sizes)


def _reasons(corpus: Gathered) -> str:
    return "".join(f" {reason}" for reason in corpus.skipped.values())


def _path_of(corpus: Gathered, document_id: str) -> str:
    return next(document.path for document in corpus.documents if document.id == document_id)
