"""Citations of small files, and answers that hold them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from askjapan.citations.verify import Verdict
from askjapan.documents.readers import read
from askjapan.language.quotation import fingerprint
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, Unit

HARBOUR = "# Harbours\n\nThe port of Aoba opened in 1887. It handles *“forty”* ships a day – more than Kita.\n"


QUOTE = "The port of Aoba opened in 1887."


def cited(path: Path, raw: str, quote: str | None = None, /, **changes: Any) -> Citation:
    """A citation of the one place in a file without pages where `raw` stands."""
    text = read(path).text
    assert text.count(raw) == 1
    quote = raw if quote is None else quote
    made = Citation(
        marker=1,
        document_id="harbours",
        document_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        document_kind="full text",
        title="Harbours of the North",
        authors=("Mika Aoki",),
        year=2011,
        path=str(path),
        page=None,
        page_label=None,
        section="Harbours",
        start=text.index(raw),
        end=text.index(raw) + len(raw),
        offsets="document",
        quote=quote,
        quote_sha256=fingerprint(quote),
        passage_id="harbours#0",
    )
    return replace(made, **changes)


def answered(*sentences: Sentence, hits: tuple[Hit, ...] = ()) -> Answer:
    return Answer(
        question="When did the port open?",
        standalone_question="When did the port open?",
        answered=True,
        reason="",
        confidence=0.9,
        sentences=sentences,
        hits=hits,
        index_fingerprint="f" * 16,
    )


def quoting(*citations: Citation) -> dict[str, Any]:
    return answered(Sentence(" ".join(citation.quote for citation in citations), "quote", citations)).to_dict()


def only(verdicts: list[Verdict]) -> tuple[str, str]:
    assert len(verdicts) == 1
    return verdicts[0].status, verdicts[0].detail


def document(path: Path, **changes: Any) -> Document:
    reading = read(path)
    made = Document(
        id="harbours",
        title="Harbours of the North",
        authors=("Mika Aoki",),
        year=2011,
        venue="",
        themes=(),
        kind="full text",
        language="en",
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format=path.suffix[1:],
        described_by="test",
        pages=reading.pages,
    )
    return replace(made, **changes)


def hit(document: Document, unit: Unit) -> Hit:
    passage = Passage("p", document.id, unit.text, "Harbours", None, None, unit.start, unit.end, "prose", (unit,))
    return Hit(passage, document, 1.0, 1, {"bm25": 2.5})
