"""Tells a file's format by its bytes, so that a PDF that is named `.txt` is refused as a PDF."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from askjapan.errors import DamagedFile, PasswordNeeded, WrongFormat

PDF = "a PDF"
WORD = "a Word document (.docx)"
EPUB = "an EPUB"
HTML = "an HTML page"
OLD_OFFICE = "an old Office file (.doc, .xls or .ppt)"
ENCRYPTED_OFFICE = "an encrypted Office file"
ZIP = "a ZIP archive"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_FIRST_BYTES = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"%!PS", "a PostScript file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_HTML_START = re.compile(
    rb"\A\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype\s++html|html)[\s>]", re.IGNORECASE
)
_MIMETYPES = ((b"application/epub+zip", EPUB), (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"))
_OFFICE_PARTS = (
    (b"wordprocessingml.document.main+xml", WORD),
    (b"wordprocessingml.template.main+xml", "a Word template (.dotx)"),
    (b"ms-word.document.macroEnabled", "a Word document with macros (.docm)"),
    (b"spreadsheetml.sheet.main+xml", "an Excel workbook (.xlsx)"),
    (b"presentationml.presentation.main+xml", "a PowerPoint presentation (.pptx)"),
)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_ENCRYPTED_MEMBER = 0x1
_LARGEST_UNPACKED = 1 << 30


def read_bytes(path: Path) -> bytes:
    """The file's bytes, at least one.

    Raises:
        OSError: the file cannot be opened.
        DamagedFile: it is empty.
    """
    data = path.read_bytes()
    if not data:
        raise DamagedFile(f"{path.name} holds no text: it is empty.")
    return data


def seems_to_be(data: bytes) -> str:
    """The format that the bytes look like, with its article ("a PDF"), or "" if it is unknown."""
    for first, name in _FIRST_BYTES:
        if data.startswith(first):
            return name
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(_OLE):
        return ENCRYPTED_OFFICE if _ENCRYPTED_STREAM in data else OLD_OFFICE
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if b"%PDF-" in data[:1024]:
        return PDF
    return HTML if _HTML_START.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) else ""


def wrong_format(path: Path, wanted: str, seems: str) -> WrongFormat:
    """The refusal of a file that is `seems` ("a PDF", or "" if unknown) instead of `wanted` ("an EPUB")."""
    return WrongFormat(f"{path.name} is not {wanted}" + (f": it seems to be {seems}." if seems else "."))


def check_archive(path: Path, data: bytes, wanted: str) -> None:
    """Make sure that the bytes are a whole ZIP archive of the kind `wanted` (`WORD` or `EPUB`).

    Raises:
        WrongFormat: they are something else.
        PasswordNeeded: the archive has encrypted members.
        DamagedFile: it is cut off or broken, or unpacks to more than 1 GiB.
    """
    seems = seems_to_be(data)
    if seems not in (wanted, ZIP):
        raise wrong_format(path, wanted, seems)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & _ENCRYPTED_MEMBER for member in members):
                raise PasswordNeeded(f"{path.name} is a ZIP archive with a password.")
            if sum(member.file_size for member in members) > _LARGEST_UNPACKED:
                raise DamagedFile(f"{path.name} unpacks to more than 1 GiB.")
            broken = archive.testzip()
    except _UNREADABLE as error:
        reason = str(error) or type(error).__name__
        raise DamagedFile(f"{path.name} is damaged: its ZIP archive cannot be read ({reason}).") from error
    if broken:
        raise DamagedFile(f"{path.name} is damaged: its part {broken} cannot be unpacked.")
    if seems == ZIP:
        raise wrong_format(path, wanted, ZIP)


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype").strip() if "mimetype" in names else b""
            parts = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (*_UNREADABLE, RuntimeError):  # RuntimeError: a member with a password
        return ZIP
    signs = [name for sign, name in _MIMETYPES if mimetype == sign] + [name for sign, name in _OFFICE_PARTS if sign in parts]
    if not signs and "META-INF/container.xml" in names:
        return EPUB
    return signs[0] if signs else ZIP
