"""Looking into pypdf's objects: whatever a file holds at a place is taken as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

PdfObject: TypeAlias = Any


def resolved(value: PdfObject) -> PdfObject:
    """The object that a reference stands for; any other as it is."""
    return value.get_object() if hasattr(value, "get_object") else value


def entry(mapping: PdfObject, key: str) -> PdfObject:
    """The entry of a PDF dictionary, or None where the file is not what it should be."""
    mapping = resolved(mapping)
    return resolved(mapping[key]) if isinstance(mapping, Mapping) and key in mapping else None


def number(value: PdfObject) -> float:
    """The number that an object is; 0 for any other."""
    value = resolved(value)
    return float(value) if isinstance(value, (int, float)) else 0.0
