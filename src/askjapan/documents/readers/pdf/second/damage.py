"""Finds damage that pypdf does not report, in the bytes and objects of the file."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping

from askjapan.documents.readers.pdf.second.objects import PdfObject, entry, resolved

OBJECT = re.compile(rb"(?<!\d)(\d{1,8})\s+(\d{1,5})\s+obj\b")
LONGEST_CATALOG = 10_000
END = b"%%EOF"


def is_cut_off(data: bytes) -> bool:
    """Whether the file lacks its end, as after a download that was interrupted."""
    return END not in data[-2048:]


def completed(data: bytes) -> bytes:
    """The bytes of a file that is cut off, with an end from which pypdf can look for what is left."""
    highest, root = 0, b""
    for match in OBJECT.finditer(data):
        highest = max(highest, int(match[1]))
        if b"/Catalog" in data[match.end() : match.end() + LONGEST_CATALOG].partition(b"endobj")[0]:
            root = b"/Root %s %s R" % (match[1], match[2])
    return data + b"\nendstream\nendobj\ntrailer\n<< /Size %d %s >>\nstartxref\n0\n%s\n" % (highest + 1, root, END)


def lacks_contents(page: PdfObject) -> bool:
    """Whether the page names contents that the file does not hold."""
    return "/Contents" in page and not isinstance(entry(page, "/Contents"), (list, Mapping))


def is_damaged(page: PdfObject) -> bool:
    """Whether a part of the contents is missing or does not end as it should; pypdf takes of it what it can get."""
    contents = entry(page, "/Contents") or []
    return not all(is_whole(resolved(stream)) for stream in (contents if isinstance(contents, list) else [contents]))


def is_whole(stream: PdfObject) -> bool:
    """Whether a stream unpacks to its end."""
    if not isinstance(stream, Mapping):
        return False
    filters = entry(stream, "/Filter")
    first = filters[0] if isinstance(filters, list) and filters else filters
    if first != "/FlateDecode" or not hasattr(stream, "write_to_stream"):
        return True
    written = io.BytesIO()
    stream.write_to_stream(written)
    stored = written.getvalue().partition(b"\nstream\n")[2].rpartition(b"\nendstream")[0]
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(stored)
    except zlib.error:
        return False
    return unpacker.eof
