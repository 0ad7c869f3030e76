"""Formats mentions as lines for a terminal and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from askjapan.citations.bibliography import flat
from askjapan.citations.export.sheets import to_csv
from askjapan.citations.labels import labels
from askjapan.citations.render import source_line
from askjapan.findings import Mention, Mentions, WorkMentions
from askjapan.sayings import ENGLISH, filled

COLUMNS = ("work_id", "title", "section", "page", "start", "end", "before", "mention", "after")
_LEFT = 44
_RIGHT = 52


def mentions_text(mentions: Mentions, *, in_context: bool = True) -> str:
    """The counts by work and section, the ways of writing, and, unless `in_context` is false, each mention on a line of its own."""
    works = sum(bool(work.count) for work in mentions.works)
    counts = {"mentions": mentions.count, "works": works, "all": len(mentions.works)}
    counted = filled("{mentions} {mentions:mention|mentions} in {works} of {all} {all:work|works}.", counts, ENGLISH)
    lines = [f"“{mentions.term}”: {counted}"]
    if len(mentions.forms) > 1:
        lines.append("Written " + ", ".join(f"{form} ({count})" for form, count in mentions.forms) + ".")
    for work in mentions.works:
        if work.count:
            lines += ["", *_work_lines(work, in_context)]
    if without := [source_line(work.document) for work in mentions.works if not work.count]:
        lines += ["", f"None in {'; '.join(without)}."]
    return "\n".join(lines)


def _work_lines(work: WorkMentions, in_context: bool) -> Iterator[str]:
    outside = f", {work.outside} of them in headings or running heads" if work.outside else ""
    yield f"{work.count:>5}  {source_line(work.document)}{outside}"
    mentions: dict[str, list[Mention]] = {}
    for mention in work.mentions:
        mentions.setdefault(mention.section, []).append(mention)
    for section, count in work.sections:
        yield f"{count:>9}  {flat(section) or '(no heading)'}"
        if in_context:
            yield from (_in_context(mention) for mention in mentions[section])


def _in_context(mention: Mention) -> str:
    page = f"p. {mention.page_label or mention.page}" if mention.page is not None else ""
    before, after = mention.before, mention.after
    # Cut at a word.
    before = before if len(before) <= _LEFT else before[-_LEFT - 1 :].partition(" ")[2] or before[-_LEFT:]
    after = after if len(after) <= _RIGHT else after[: _RIGHT + 1].rpartition(" ")[0] or after[:_RIGHT]
    return f"{page:>11}  {before:>{_LEFT}}[{mention.text}]{after}"


def mentions_csv(mentions: Mentions, language: str = ENGLISH) -> str:
    """The mentions as CSV, one row per mention, with the columns of `COLUMNS`."""
    titles = {work.document.id: work.document.title for work in mentions.works}
    rows = [
        (
            mention.document_id,
            titles[mention.document_id],
            mention.section,
            mention.page_label or mention.page,
            mention.start,
            mention.end,
            mention.before,
            mention.text,
            mention.after,
        )
        for mention in mentions.all
    ]
    return to_csv([labels(language)(f"column_{name}") for name in COLUMNS], rows)
