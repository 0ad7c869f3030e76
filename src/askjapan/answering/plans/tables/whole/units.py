"""Tells in what the figures of a table's column are: the unit beside them, and whether they are sums of money or shares."""

from __future__ import annotations

import re

from askjapan.answering.plans.tables.whole.cells import SHARE, Table
from askjapan.language.scripts import is_foreign
from askjapan.language.wordings import wordings
from askjapan.retrieval.follow_up import Standalone

_EN, _JA = wordings("units", "en"), wordings("units", "ja")
_UNIT = re.compile(rf"^(?:{_EN['beside']})", re.IGNORECASE)
_BRACKET = re.compile(r"[(（]([^()（）]+)[)）]")
_OPENING = re.compile(r"^(?:単位|unit)s?\s*[:：]\s*", re.IGNORECASE)
_PARTS = re.compile(r"[;；。,、/]| and ")
_COUNT = re.compile(rf"\b(?:{_EN['counts']})\b|{_JA['counts']}", re.IGNORECASE)
_MONEY = re.compile(rf"[$€£¥￥]|\b(?:{_EN['money']})\b|{_JA['money']}", re.IGNORECASE)
_COUNTED = re.compile(rf"\bhow many (?!(?:{_EN['no_things']})\b)|(?:何|いくつ)(?!{_JA['no_things']})", re.IGNORECASE)


def unit_beside(table: Table, column: int) -> str:
    """The unit that a column's name or, where it has none, the caption gives in brackets; empty where there is none, or more than one."""
    return _in_brackets(table.column(column)) or _in_brackets(table.caption)


def written_with_unit(table: Table, written: str, column: int, question: Standalone) -> str:
    """A cell's text with its unit, where there is one; a question in another language than the table's gets the text alone."""
    if is_foreign(table.passage.text) != question.is_foreign or not written[-1:].isdigit():
        return written
    unit = unit_beside(table, column)
    return f"{written}{'' if unit[:1] in '%％' or question.is_foreign else ' '}{unit}"


def counts_things(question: str) -> bool:
    """Whether a question asks how many there are of something, not how much money or which share."""
    return bool(_COUNTED.search(question))


def is_no_count(table: Table, column: int) -> bool:
    """Whether a column holds sums of money or shares, as far as its name, its unit and its cells say."""
    if _COUNT.search(table.name(column)):
        return False
    unit = unit_beside(table, column)
    cells = [row.cells[column] for row in table.rows if column < len(row.cells)]
    every = bool(cells) and all(_MONEY.search(cell) or cell.rstrip().endswith(("%", "％")) for cell in cells if cell.strip())
    return every or any(bool(_MONEY.search(text) or SHARE.search(text)) for text in (table.name(column), unit))


def _in_brackets(text: str) -> str:
    for bracket in _BRACKET.findall(text):
        said = _OPENING.sub("", bracket.strip())
        units = [part.strip() for part in _PARTS.split(said) if _UNIT.match(part.strip())]
        if units:
            return units[0] if len(units) == 1 else ""
    return ""
