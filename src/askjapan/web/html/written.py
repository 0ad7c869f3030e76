"""Renders what the writer wrote as a block of HTML under the quotes; sentences without support are struck through and marked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from askjapan.records import Written, WrittenSentence
from askjapan.web.words.translations import Words


def written_html(written: Written, links: Mapping[int, str], words: Words, *, writing: bool = False) -> str:
    """The written sentences, each with the links of its numbers.

    Args:
        written: so far.
        links: the HTML of each number that the answer has a quote for.
        words: the interface's language.
        writing: whether more is coming.
    """
    label = f'<p class="aj-label">{words("written_by", model=written.model)}</p>'
    sentences = "".join(_sentence(sentence, links, words) for sentence in written.sentences)
    told = words("writing") if writing else words("writer_trouble", trouble=written.trouble) if written.trouble else ""
    return f'<div class="aj-written">{label}{sentences}{told and f"""<p class="aj-label">{told}</p>"""}</div>'


def _sentence(sentence: WrittenSentence, links: Mapping[int, str], words: Words) -> str:
    numbers = "".join(links.get(number, "") for number in sentence.numbers)
    if sentence.supported:
        return f"<p>{escape(sentence.text)}{numbers}</p>"
    reason = words("not_in_quotes", missing=", ".join(sentence.missing)) if sentence.missing else words("not_checkable")
    tag = f'<span class="aj-tag">{words("unsupported")}</span>'
    return f'<p class="aj-struck"><del title="{reason}">{escape(sentence.text)}</del>{numbers} {tag}</p>'
