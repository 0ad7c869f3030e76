"""Links that Zotero opens: a PDF at a page, any other file as its entry in the library."""

from __future__ import annotations

from askjapan.records import Document


def zotero_link(document: Document, page: int | None = None) -> str:
    """The link to a document that came from Zotero, at a page counted from 1 in the file; empty for any other document."""
    if not document.zotero:
        return ""
    if document.format != "pdf":
        return f"zotero://select/{document.zotero}"
    return f"zotero://open-pdf/{document.zotero}" + (f"?page={page}" if page is not None else "")
