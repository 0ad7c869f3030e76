"""Gives overviews of the corpus, a theme, a work or a section: a note's summary, else sentences chosen by position and centrality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.candidates import Candidate
from askjapan.answering.messages import framing
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.library import about
from askjapan.answering.plans.works.named import concluding, named_works, titled, without_authors, words_asked
from askjapan.answering.quoting.quotations import Quotation, leans_back, merged, ordered, quotation_of, quoted, says_something
from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.records import Answer, Document, Hit, Passage, Sentence, work_line
from askjapan.retrieval.centrality import centrality
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

_EN, _JA = wordings("overview", "en"), wordings("overview", "ja")
MOST_WORKS = 6
SENTENCES_OF_ONE = 10
SENTENCES_OF_MANY = 2
MOST_WORDS = 200
"""Approximate maximum of quoted words in an overview; a Japanese word is two characters."""
PASSAGES_OF_ONE, PASSAGES_OF_MANY = 14, 5
"""Number of the most central passages whose sentences are compared, for one work and for each of several."""
SHORTEST, LONGEST = 7, 45
CENTRAL, ARGUED = 0.6, 1.3
"""Weights of a sentence's cosine with the mean of all, in standard deviations, and of its words that mark a thesis."""
ALIKE = 0.8
"""Cosine with a chosen sentence above which another one repeats it."""
_THESIS = re.compile(
    rf"\b(?:{_EN['thesis']})\b|{_JA['thesis']}",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    rf"\b(?:{_EN['says_so']})\b|{_JA['says_so']}",
    re.IGNORECASE,
)
"""Words that explicitly mark a thesis, a finding or a conclusion."""
_ENDS = re.compile(
    rf"\b(?:{_EN['ends']})\b|{_JA['ends']}",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    rf"\b(?:{_EN['left_out']})\b|{_JA['left_out']}",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    rf"^(?:{_EN['dangling']})\b|\b(?:{_EN['elsewhere']})\b|^(?:{_JA['dangling']})",
    re.IGNORECASE,
)
"""Words that refer to another place in the text, which make a sentence unfit for an overview."""
_BRIEF = re.compile(r"b\d+")


def answer(question: Standalone, search: Search) -> Answer | None:
    """An overview of the corpus, or of the works or section that the question names; None for any other subject."""
    text = question.question
    works = named_works(text, search.works)
    subject = _subject(text, works)
    if not works and (works := titled(text, search.works)):
        # What the glossary makes of the title's words is no subject.
        subject = []
    if not works and not subject and len(search.works) == 1:
        works = search.works
    if not works and subject:
        works = _on(text, subject, search.works)
        subject = [] if works else subject
    if len(works) == 1 and (section := concluding(text, works[0], search)):
        return _of_section(question, section, search)
    if works and subject:
        section = _section(works, subject, search)
        return _of_section(question, section, search) if section else _within(question, works, search)
    if subject:
        return None
    return _of_works(question, works or search.works, search)


def _subject(text: str, works: Sequence[Document]) -> list[str]:
    """The words of a question other than question words and the names of works."""
    names = {name for work in works for author in work.authors for name in terms(author)}
    titles = {term for work in works for term in terms(work.title)}
    return [word for word in words_asked(text) if not set(terms(word)) & names and not (works and set(terms(word)) <= titles)]


def _on(text: str, subject: Sequence[str], works: Sequence[Document]) -> list[Document]:
    """The works whose title and themes hold all words of the subject."""
    wanted = set(terms(" ".join(subject).replace("-", " ")))
    held = about(text, works)
    return [work for work in held if wanted and wanted <= set(terms(f"{work.title} {' '.join(work.themes)}".replace("-", " ")))]


def _section(works: Sequence[Document], subject: Sequence[str], search: Search) -> list[Passage]:
    """The passages of the longest section whose heading shares at least 70 % of its terms with the subject; else none."""
    wanted = set(terms(" ".join(subject)))
    by_heading: dict[tuple[str, str], list[Passage]] = {}
    for work in works:
        for passage in search.passages_of(work):
            for heading in passage.section.split(" › "):
                have = set(terms(heading))
                if wanted and len(wanted & have) >= 0.7 * max(len(wanted), len(have)):
                    by_heading.setdefault((work.id, heading), []).append(passage)
    return max(by_heading.values(), key=len, default=[])


def _within(question: Standalone, works: Sequence[Document], search: Search) -> Answer:
    """The plain answer from some works only, without their authors' names in the question."""
    asked = replace(question, question=without_authors(question.question, works))
    result = search.within(works).plain(asked, "overview", max_quotes=5)
    return replace(result, standalone_question=question.said)


def _of_section(question: Standalone, passages: Sequence[Passage], search: Search) -> Answer | None:
    chosen = chosen_sentences(passages, search, SENTENCES_OF_ONE, MOST_WORDS)
    return _composed(question, [(search.index.documents[passages[0].document_id], chosen)], search, headed=True)


def _of_works(question: Standalone, works: Sequence[Document], search: Search) -> Answer | None:
    shown = works[:MOST_WORKS]
    per_work = SENTENCES_OF_ONE if len(shown) == 1 else SENTENCES_OF_MANY
    share = MOST_WORDS // len(shown)
    parts = [
        (work, brief_of(work, search, per_work, share) or chosen_sentences(search.passages_of(work), search, per_work, share))
        for work in shown
    ]
    result = _composed(question, parts, search, headed=True)
    if result and len(works) > len(shown):
        more = framing(Saying.of("overview_more", count=len(works) - len(shown)), question.language)
        return replace(result, sentences=(*result.sentences, more))
    return result


def _composed(
    question: Standalone, parts: Sequence[tuple[Document, Sequence[Quotation]]], search: Search, *, headed: bool
) -> Answer | None:
    """An answer with the quotes of each work, under its name if `headed`; None where no quote can be cited."""
    sentences: list[Sentence] = []
    hits: list[Hit] = []
    marker = 1
    for work, chosen in parts:
        made = quoted(chosen, search.corpus.text_of, marker)
        if made and headed:
            sentences.append(Sentence(heading_of(work), "heading"))
        sentences += made
        marker += len(made)
        hits += [one.hit for one in chosen]
    if marker == 1:
        return None
    seen: dict[str, Hit] = {}
    for hit in hits:
        seen.setdefault(hit.passage.id, replace(hit, rank=len(seen) + 1))
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=1.0,
        sentences=tuple(sentences),
        hits=tuple(seen.values()),
        index_fingerprint=search.corpus.fingerprint,
        kind="overview",
    )


def heading_of(work: Document) -> str:
    """A work's authors, title and year as a heading."""
    return work_line(work.authors, work.title, work.year)


def brief_of(work: Document, search: Search, limit: int, words: int) -> list[Quotation]:
    """Summary sentences of a study note, or of a full text's note, up to a number of sentences and words; empty where there is no note."""
    note = next(
        (other for other in search.index.documents.values() if other.companion_of == work.id and not other.edition_of), work
    )
    if note.kind != "study note":
        return []
    brief: list[Quotation] = []
    left = words
    for passage in search.passages_of(note):
        for number, unit in enumerate(passage.units):
            if _BRIEF.fullmatch(unit.key) and len(brief) < limit:
                left -= length_of(unit.text)
                if brief and left < 0:
                    return brief
                brief.append(Quotation(((search.hit(passage), number),), len(brief)))
    return brief


def length_of(text: str) -> int:
    """The number of words of a text; of Japanese, half of its characters."""
    return len(text) // 2 if is_foreign(text) else len(text.split())


def chosen_sentences(passages: Sequence[Passage], search: Search, limit: int, words: int) -> list[Quotation]:
    """At most `limit` quotations of one document's passages for an overview, in their order: central ones, theses and conclusions.

    Passages are ranked by LexRank (`retrieval.centrality`) and position. No two sentences are alike; `words` limits their length in all.
    """
    passages = [p for p in passages if p.kind in ("prose", "list") and not _LEFT_OUT.search(p.section.rsplit(" › ", 1)[-1])]
    if not passages:
        return []
    rows = np.array([search.index.numbers[passage.id] for passage in passages], dtype=np.int64)
    name = PASSAGE_VECTORS
    if search.index.japanese[rows].mean() > 0.5 and MULTILINGUAL_VECTORS in search.index.vectors:
        name = MULTILINGUAL_VECTORS
    vectors = search.index.vectors[name].reconstruct_batch(rows)
    placed = np.array([_place(number, passage, passages) for number, passage in enumerate(passages)])
    central = centrality(vectors, placed / placed.sum())
    weight = central / central.mean() + placed
    best = sorted(
        np.argsort(-weight, kind="stable")[: PASSAGES_OF_ONE if limit > SENTENCES_OF_MANY else PASSAGES_OF_MANY].tolist()
    )
    candidates = [
        (place, number)
        for place in best
        for number, unit in enumerate(passages[place].units)
        if unit.kind == "sentence"
        and SHORTEST <= length_of(unit.text) <= LONGEST
        and _quotable(unit.text, passages[place], number, search)
    ]
    if not candidates:
        return []
    texts = [passages[place].units[number].text for place, number in candidates]
    own = search.retriever.vectors_of(tuple(texts), multilingual=name == MULTILINGUAL_VECTORS)
    middle = own.mean(axis=0)
    scores = own @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
    scores = (scores - scores.mean()) / max(float(scores.std()), 1e-9)
    scores *= CENTRAL
    for row, (place, number) in enumerate(candidates):
        text = texts[row]
        argued = 0.5 * len({match.group().lower() for match in _THESIS.finditer(text)}) ** 0.5 + bool(_SAYS_SO.search(text))
        scores[row] += ARGUED * argued + 0.5 * float(weight[place] - weight.mean())
        scores[row] += 0.3 * (number in (0, len(passages[place].units) - 1)) + 0.2 * bool(re.search(r"\d", text))
        # A thesis that leans on the sentence before it brings that along.
        scores[row] -= bool(_DANGLING.search(text)) + (0.2 if argued else 0.8) * leans_back(text)
    return _picked(candidates, passages, own, scores, search, limit, words)


def _picked(
    candidates: Sequence[tuple[int, int]],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    scores: NDArray[np.float32],
    search: Search,
    limit: int,
    words: int,
) -> list[Quotation]:
    """The sentences with the best scores, none similar to a better one; `vectors` (candidates, dimension), `scores` (candidates,)."""
    chosen: list[int] = []
    picked: list[Quotation] = []
    left = words
    per_section: dict[str, int] = {}
    for row in np.argsort(-scores, kind="stable").tolist():
        if len(chosen) == limit:
            break
        if chosen and float((vectors[chosen] @ vectors[row]).max()) > ALIKE:
            continue
        place, number = candidates[row]
        section = passages[place].section
        if per_section.get(section, 0) >= max(2, limit // 3):
            continue
        one = quotation_of(search.hit(passages[place]), number, len(chosen), search.corpus.before)
        needed = sum(length_of(unit.text) for unit in one.units)
        if picked and needed > left:
            continue
        left -= needed
        per_section[section] = per_section.get(section, 0) + 1
        chosen.append(row)
        picked.append(one)
    return ordered(merged(picked))


def _quotable(text: str, passage: Passage, number: int, search: Search) -> bool:
    hit = search.hit(passage)
    return says_something(Candidate(hit, number, passage.units[number], (), 0, None, 0.0, 0.0, None, 0.0)) and _is_sentence(text)


def _is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence and is not mainly names, as on a title page."""
    words = text.split()
    names = sum(word[:1].isupper() or word[:1].isdigit() for word in words)
    return bool(re.search(r"[.!?。！？][”\"'’)）」』\]]*$", text)) and (is_foreign(text) or names < 0.5 * len(words))


def _place(number: int, passage: Passage, passages: Sequence[Passage]) -> float:
    """Prior weight of a passage for an overview: higher at the beginning, at the end, and under a heading such as "Conclusion"."""
    share = number / max(1, len(passages) - 1)
    ends = 1.0 if _ENDS.search(passage.section) else 0.0
    return 0.3 + ends + (0.6 if share < 0.1 else 0.0) + (0.5 if share > 0.9 else 0.0)
