"""Web pages written by hand."""

from __future__ import annotations

from pathlib import Path

from askjapan.documents.readers.html.reader import read_html

FIRST = "In 2009 the port of Aomi signed a pact with three towns in the south, which covered fishing, schools and exhibitions."


SECOND = "Trade between the towns rose from 4.5 to 7.25 million yen in five years, while the number of visitors fell by a third."


JAPANESE = "青海港は二〇〇九年に南の三つの町と協定を結び、漁業と教育の交流を始めた。"


def file(folder: Path, data: bytes | str, name: str = "page.html") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def page(body: str, head: str = "<title>Ports</title>", attributes: str = "") -> str:
    return f"<!DOCTYPE html>\n<html{attributes}><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def text_of(folder: Path, body: str) -> str:
    return read_html(file(folder, page(body))).text
