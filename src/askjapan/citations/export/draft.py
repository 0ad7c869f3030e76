"""Formats the check of a draft as rows for a terminal, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.citations.bibliography import flat
from askjapan.citations.export.markdown import markdown
from askjapan.citations.export.sheets import to_csv
from askjapan.citations.labels import Labels, labels
from askjapan.citations.render import shortened
from askjapan.findings import CheckedQuotation, Difference, DraftCheck, QuotationPlace
from askjapan.records import SECTION_JOINER
from askjapan.sayings import ENGLISH

COLUMNS = ("line", "status", "quotation", "pages_given", "where_it_stands", "difference")


def header(language: str = ENGLISH) -> list[str]:
    """The names of `COLUMNS`."""
    return [labels(language)(f"column_{name}") for name in COLUMNS]


def status_name(status: str, tell: Labels) -> str:
    """The result of a comparison in words."""
    return tell(f"status_{status.replace(' ', '_')}")


def draft_rows(check: DraftCheck, length: int = 10_000, language: str = ENGLISH) -> list[tuple[str, ...]]:
    """The rows of a checked draft, one per quotation, with the columns of `COLUMNS`; terms that stand in no work are left out.

    Args:
        check: of a draft.
        length: characters of a quotation that are shown.
        language: of the words around quotations and titles.
    """
    tell = labels(language)
    return [_row(one, length, tell) for one in check.quotations if one.kind != "term" or one.status != "not found"]


def _row(one: CheckedQuotation, length: int, tell: Labels) -> tuple[str, ...]:
    where = tell("list_semicolon").join(_place(place, tell) for place in one.places)
    detail = [one.detail.said(tell.language)] if one.detail else []
    told = tell("list_semicolon").join([*(_difference(difference, tell) for difference in one.differences), *detail])
    return str(one.line), status_name(one.status, tell), shortened(one.text, length), one.cited_pages, where, told


def _difference(difference: Difference, tell: Labels) -> str:
    """The draft's words, then the work's: "said → stated"."""
    return f"{difference.draft or tell('nothing')} → {difference.source or tell('nothing')}"


def _place(place: QuotationPlace, tell: Labels) -> str:
    """The work, page and section of a place."""
    page = tell("page", label=place.page_label or str(place.page)) if place.page is not None else ""
    section = f"§ {flat(place.section.split(SECTION_JOINER)[-1])}" if place.section else ""
    return tell("list_comma").join(filter(None, (place.title, page, section)))


def summary(check: DraftCheck, language: str = ENGLISH) -> str:
    """The counts in a sentence: "5 quotations: 3 exact, 1 altered, 1 not found."; then what was not checked."""
    tell = labels(language)
    number = sum(check.counts.values())
    counts = tuple(
        tell("count_of_status", number=count, status=status_name(status, tell)) for status, count in check.counts.items() if count
    )
    told = tell("quotations_counted", number=number, counts=counts) if counts else tell("quotations", number=number)
    terms = len(check.quotations) - number
    shown = [told, tell("short_expressions", number=terms) if terms else "", left_unchecked(check, language)]
    return " ".join(filter(None, shown))


def left_unchecked(check: DraftCheck, language: str = ENGLISH) -> str:
    """What was not checked, from where on, and what to do next; empty where all was."""
    left = check.unchecked
    return labels(language)("not_checked", number=len(left), line=min(one.line for one in left)) if left else ""


def draft_csv(check: DraftCheck, language: str = ENGLISH) -> str:
    """The check as CSV, one row per quotation."""
    return to_csv(header(language), draft_rows(check, language=language))


def draft_markdown(check: DraftCheck, language: str = ENGLISH) -> str:
    """The check as Markdown: a heading, the counts and a table."""
    tell = labels(language)
    title = tell("quotations_of", draft=markdown(check.draft)) if check.draft else tell("quotations_of_text")
    rows: Sequence[Sequence[str]] = [header(language), ["---"] * len(COLUMNS), *draft_rows(check, language=language)]
    shown = [row if number == 1 else [markdown(cell) for cell in row] for number, row in enumerate(rows)]
    table = ["| " + " | ".join(row) + " |" for row in shown]
    return "\n".join((f"# {title}", "", markdown(summary(check, language)), "", *table, ""))
