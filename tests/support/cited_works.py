"""Works, citations and answers made by hand, for exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from askjapan.language.quotation import fingerprint
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, SentenceKind, Unit

QUOTE = "Aoba has five quays."


SPECIALS = r"Up 5% & #3_b ~ $7 ^2 {open \ close} [x] <b> *y* `z` | – “ß” 港"


def work(id_: str = "quays", **changes: Any) -> Document:
    made = Document(
        id=id_,
        title="Quays and Ships",
        authors=("Mika Aoki",),
        year=2011,
        venue="Aoba Institute Working Paper 01.07",
        themes=(),
        kind="full text",
        language="en",
        path=f"{id_}.txt",
        sha256="ab" * 32,
        format="txt",
        described_by="the catalogue",
        date="2011-04-23",
    )
    return replace(made, **changes)


def cite(document: Document, quote: str = QUOTE, **changes: Any) -> Citation:
    made = Citation(
        marker=1,
        document_id=document.id,
        document_sha256=document.sha256,
        document_kind=document.kind,
        title=document.title,
        authors=document.authors,
        year=document.year,
        path=document.path,
        page=None,
        page_label=None,
        section="2. The Port",
        start=100,
        end=120,
        offsets="document",
        quote=quote,
        quote_sha256=fingerprint(quote),
        passage_id=f"{document.id}#1",
    )
    return replace(made, **changes)


def hit(document: Document, *units: Unit) -> Hit:
    passage = Passage(f"{document.id}#1", document.id, QUOTE, "2. The Port", None, None, 100, 120, "prose", units)
    return Hit(passage, document, 1.0, 1)


def answer(*sentences: Sentence, hits: Sequence[Hit] = (), **changes: Any) -> Answer:
    made = Answer(
        question="How many quays?",
        standalone_question="How many quays?",
        answered=True,
        reason="",
        confidence=0.914,
        sentences=sentences,
        hits=tuple(hits),
        index_fingerprint="f00d" * 4,
    )
    return replace(made, **changes)


def quoted(*citations: Citation, text: str | None = None, kind: SentenceKind = "quote") -> Sentence:
    return Sentence(" ".join(c.quote for c in citations) if text is None else text, kind, citations)


def of_works(*documents: Document, quote: str = QUOTE) -> Answer:
    sentences = [quoted(cite(document, quote, marker=number)) for number, document in enumerate(documents, 1)]
    return answer(*sentences, hits=[hit(document) for document in documents])
