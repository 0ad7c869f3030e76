"""Files → documents, texts and passages: each file is read once or taken over, and a work stands in the index once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from askjapan.documents.facts.given_facts import facts_path
from askjapan.documents.passages import Sizes
from askjapan.documents.readers import is_supported
from askjapan.documents.study_note import edition_passages, is_study_note, note_passages
from askjapan.errors import LibraryError, UnsupportedFormat
from askjapan.file_names import path_text
from askjapan.index.encoders.embedding import Progress
from askjapan.index.reading import FileRead, FileReader
from askjapan.index.reuse import Earlier
from askjapan.index.works.corpus import all_files, digest_of, not_read
from askjapan.readings import FileReport, Reading
from askjapan.records import Document, Passage
from askjapan.sayings import Saying


@dataclass
class Gathered:
    """Documents, texts, passages and reports of the files read so far."""

    sizes: Sizes
    documents: list[Document] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, Saying] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[Saying, ...]] = field(default_factory=dict)
    reports: dict[str, FileReport] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """The paths of what did not have to be read again."""

    by_digest: dict[str, str] = field(default_factory=dict)
    """The first file of each SHA-256."""

    def take_down(self, path: Path, digest: str) -> None:
        """Note a file and its SHA-256, in place of what was noted before."""
        place = path_text(os.path.abspath(path))
        self.files[place] = digest
        self.by_digest.setdefault(digest, place)

    def file_reports(self) -> tuple[FileReport, ...]:
        """One report for each file, in the order of their paths."""
        ids = {document.path: document.id for document in self.documents}
        return tuple(
            replace(
                line,
                document_id=ids.get(path, ""),
                left_out=self.skipped.get(path),
                replaced_by=self.replaced.get(path, ""),
            )
            for path, line in sorted(self.reports.items())
        )


def gather(folders: Sequence[Path], sizes: Sizes, reader: FileReader, earlier: Earlier | None, progress: Progress) -> Gathered:
    """Read all files of the folders; what cannot be read is left out, with the reason.

    Args:
        folders: searched with their subfolders.
        sizes: of passages.
        reader: of the files that have not been read.
        earlier: what was read for the index in use.
        progress: told how far it is.

    Raises:
        LibraryError: there is nothing to index.
    """
    corpus = Gathered(sizes)
    paths = []
    for path, reason in not_read(folders):
        corpus.reports[path_text(path)] = FileReport(path_text(path))
        corpus.skipped[path_text(path)] = reason
    for path in all_files(folders):
        corpus.reports[path_text(path)] = FileReport(path_text(path))
        if is_supported(path):
            paths.append(path)
        else:
            corpus.skipped[path_text(path)] = UnsupportedFormat(f"{path.name} has no reader.").saying
    if not paths:
        raise LibraryError(Saying.of("nothing_to_index", folders=", ".join(map(str, folders)), reasons=_reasons(corpus)))
    files = _read_files(corpus, paths, reader, earlier, progress)
    _choose([files[place] for path in paths if (place := path_text(path)) in files], corpus)
    progress("reading", len(paths), len(paths))
    if not corpus.passages:
        raise LibraryError(Saying.of("no_file_readable", files=len(paths), reasons=_reasons(corpus)))
    return corpus


def _read_files(
    corpus: Gathered, paths: Sequence[Path], reader: FileReader, earlier: Earlier | None, progress: Progress
) -> dict[str, FileRead]:
    """Results of reading the files, by path; copies of another file and files that cannot be read go to `corpus.skipped`."""
    files: dict[str, FileRead] = {}
    unread: list[tuple[Path, str]] = []
    progress("reading", 0, len(paths))
    for path in paths:
        digest = earlier.digest(path) if earlier else digest_of(path)
        if not _is_twin(path, digest, corpus):
            if earlier and (kept := earlier.read_of(path, digest)):
                document, text, passages, line = kept
                line = replace(line, document_id="", left_out=None, replaced_by="")
                files[path_text(path)] = FileRead(document, Reading(text), line, passages)
                corpus.kept.add(document.path)
            else:
                unread.append((path, digest))
    known = len(paths) - len(unread)
    for number, ((path, _), outcome) in enumerate(zip(unread, reader.read(unread, progress), strict=True)):
        if isinstance(outcome, Saying):
            corpus.skipped[path_text(path)] = outcome
        else:
            files[path_text(path)] = outcome
            corpus.take_down(path, outcome.document.sha256)
        progress("reading", known + number + 1, len(paths))
    for place in filter(files.__contains__, map(path_text, paths)):
        corpus.reports[place] = files[place].report
        if files[place].report.warnings:
            corpus.warnings[place] = files[place].report.warnings
    return files


def _is_twin(path: Path, digest: str, corpus: Gathered) -> bool:
    """Whether another file has the same contents; notes the file's hash, and that of the facts beside it."""
    twin = corpus.by_digest.get(digest) if digest else None
    corpus.take_down(path, digest)
    if os.path.isfile(facts := facts_path(path)):
        corpus.take_down(facts, digest_of(facts))
    if twin is not None:
        corpus.skipped[path_text(path)] = Saying.of("same_contents", twin=twin)
    return twin is not None


def _choose(files: Sequence[FileRead], corpus: Gathered) -> None:
    full_texts = {file.document.id: file.document for file in files if file.document.kind == "full text"}
    editions = {file.document.edition_of for file in files}
    # Another edition of a note is cut where its first edition is.
    for file in sorted(files, key=lambda file: bool(file.document.edition_of)):
        document = file.document
        work = full_texts.get((document.edition_of or document.id).removesuffix("-note"))
        if document.kind == "study note" and work is not None:
            if not document.edition_of:
                corpus.replaced[document.path] = work.path
            # What a companion is for is its other language.
            if is_study_note(file.reading) and (document.edition_of or document.id) in editions:
                _take(replace(document, companion_of=work.id), file, corpus)
        elif document.id in corpus.texts:
            corpus.skipped[document.path] = Saying.of("same_work", twin=_path_of(corpus, document.id))
        else:
            _take(document, file, corpus)


def _take(document: Document, file: FileRead, corpus: Gathered) -> None:
    """Put a document into the corpus with its passages."""
    if document.edition_of and document.edition_of not in corpus.texts:
        # The edition that it stands beside is not here, so it is the note itself.
        document = replace(document, edition_of="")
    if passages := file.passages or _note_passages(document, file.reading, corpus):
        corpus.documents.append(document)
        corpus.texts[document.id] = file.reading.text
        corpus.passages += passages
    else:
        corpus.skipped[document.path] = Saying.of("nothing_to_quote", file=Path(document.path).name)


def _note_passages(document: Document, reading: Reading, corpus: Gathered) -> Sequence[Passage]:
    if not is_study_note(reading):
        return ()
    if not document.edition_of:
        return note_passages(document, reading, corpus.sizes)
    lead = [passage for passage in corpus.passages if passage.document_id == document.edition_of]
    return edition_passages(document, reading, lead, corpus.sizes)


def _reasons(corpus: Gathered) -> str:
    return "".join(f" {reason}" for reason in corpus.skipped.values())


def _path_of(corpus: Gathered, document_id: str) -> str:
    return next(document.path for document in corpus.documents if document.id == document_id)
