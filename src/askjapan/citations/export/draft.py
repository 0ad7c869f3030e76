"""Formats the check of a draft as rows for a terminal, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.citations.bibliography import flat
from askjapan.citations.export.markdown import markdown
from askjapan.citations.export.sheets import to_csv
from askjapan.citations.render import shortened
from askjapan.findings import CheckedQuotation, Difference, DraftCheck, QuotationPlace
from askjapan.records import SECTION_JOINER

HEADER = ("line", "status", "quotation", "pages given", "where it stands", "difference")
NOTHING = "(nothing)"


def difference_text(difference: Difference) -> str:
    """The draft's words, then the work's: "said → stated"."""
    return f"{difference.draft or NOTHING} → {difference.source or NOTHING}"


def place_text(place: QuotationPlace) -> str:
    """The work, page and section of a place."""
    page = f", p. {place.page_label or place.page}" if place.page is not None else ""
    section = flat(place.section.split(SECTION_JOINER)[-1]) if place.section else ""
    return f"{place.title}{page}{f', § {section}' if section else ''}"


def draft_rows(check: DraftCheck, length: int = 10_000) -> list[tuple[str, ...]]:
    """The rows of a checked draft, one per quotation, with the columns of `HEADER`; terms that stand in no work are left out.

    Args:
        check: of a draft.
        length: characters of a quotation that are shown.
    """
    return [_row(one, length) for one in check.quotations if one.kind != "term" or one.status != "not found"]


def _row(one: CheckedQuotation, length: int) -> tuple[str, ...]:
    where = "; ".join(place_text(place) for place in one.places)
    told = [*map(difference_text, one.differences), *([str(one.detail)] if one.detail else [])]
    return str(one.line), one.status, shortened(one.text, length), one.cited_pages, where, "; ".join(told)


def summary(check: DraftCheck) -> str:
    """The counts in a sentence: "5 quotations: 3 exact, 1 altered, 1 not found."."""
    number = sum(check.counts.values())
    terms = len(check.quotations) - number
    counts = ", ".join(f"{count} {status}" for status, count in check.counts.items() if count)
    expressions = (
        "1 short expression in quotation marks stands" if terms == 1 else f"{terms} short expressions in quotation marks stand"
    )
    beside = f" {expressions} in no work." if terms else ""
    return f"{number} quotation{'s' if number != 1 else ''}{f': {counts}' if counts else ''}.{beside}"


def draft_csv(check: DraftCheck) -> str:
    """The check as CSV, one row per quotation."""
    return to_csv(HEADER, draft_rows(check))


def draft_markdown(check: DraftCheck) -> str:
    """The check as Markdown: a heading, the counts and a table."""
    rows: Sequence[Sequence[str]] = [HEADER, ["---"] * len(HEADER), *draft_rows(check)]
    shown = [row if number == 1 else [markdown(cell) for cell in row] for number, row in enumerate(rows)]
    table = ["| " + " | ".join(row) + " |" for row in shown]
    return "\n".join((f"# Quotations of {markdown(check.draft)}", "", markdown(summary(check)), "", *table, ""))
