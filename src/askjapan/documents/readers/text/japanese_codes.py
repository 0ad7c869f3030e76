"""EUC-JP and ISO-2022-JP with the characters that Microsoft added to them (①, ㈱, 髙), which Python's own codecs refuse.

Both are ways to write rows and cells of JIS X 0208; the supersets add NEC's row 13 and the rows 89 to 92 that NEC chose from IBM's.
Python has those in `cp932`, so that pairs are turned into Shift_JIS and read there.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
_SHIFT = re.compile(rb"\x1b(?:\([BJIH]|\$[@B]|\$\([DQOP@B]|&@)|\x0e|\x0f")
_EUC = re.compile(rb"[\x00-\x7f]+|(?:[\xa1-\xfe][\xa1-\xfe])+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe][\xa1-\xfe]|[\x80-\xff]")
_BASIC = (b"\x1b(B", b"\x1b(J", b"\x1b(H")
_PAIRS = (b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B")
_NEWER = {b"\x1b$(O": b"\x1b$(O", b"\x1b$(Q": b"\x1b$(Q", b"\x1b$(P": b"\x1b$(P"}


def decode_euc_jp(data: bytes) -> str:
    """Text in EUC-JP or its Microsoft superset; what is no character of either is U+FFFD, a byte at a time."""
    parts: list[str] = []
    for match in _EUC.finditer(data):
        part = match.group()
        if part[0] < 0x80:
            parts.append(part.decode("ascii"))
        elif part[0] >= 0xA1 and len(part) > 1:
            parts.append(_pairs(bytes(byte - 0x80 for byte in part)))
        else:
            parts.append(part.decode("euc_jp", "replace") if len(part) > 1 else REPLACEMENT)
    return "".join(parts)


def decode_iso_2022_jp(data: bytes) -> str:
    """Text in ISO-2022-JP or a superset of it (half-width kana, JIS X 0212 and 0213); what does not decode is U+FFFD."""
    parts: list[str] = []
    place, mode, shifted = 0, _BASIC[0], False
    for match in [*_SHIFT.finditer(data), None]:
        parts.append(_stretch(data[place : match.start() if match else len(data)], mode, shifted))
        if match is None:
            break
        place = match.end()
        if match.group() in (b"\x0e", b"\x0f"):
            shifted = match.group() == b"\x0e"
        elif match.group() != b"\x1b&@":  # which only announces a revision
            mode = match.group()
    return "".join(parts)


def _stretch(part: bytes, mode: bytes, shifted: bool) -> str:
    """The bytes between two shifts; line ends and other controls stand for themselves in every mode."""
    if mode in _BASIC and not shifted:
        return part.decode("ascii", "replace")
    return "".join(
        run.decode("ascii") if run[0] <= 0x20 else _graphic(run, mode, shifted)
        for run in re.findall(rb"[\x00-\x20]+|[^\x00-\x20]+", part)
    )


def _graphic(run: bytes, mode: bytes, shifted: bool) -> str:
    if shifted or mode == b"\x1b(I":
        return "".join(
            chr(0xFF61 + byte - 0x21) if 0x21 <= byte <= 0x5F else REPLACEMENT for byte in (each & 0x7F for each in run)
        )
    if mode in _PAIRS:
        return _pairs(run)
    if mode == b"\x1b$(D":
        whole = run[: len(run) // 2 * 2]
        high = [bytes((0x8F, whole[at] | 0x80, whole[at + 1] | 0x80)) for at in range(0, len(whole), 2)]
        return b"".join(high).decode("euc_jp", "replace") + REPLACEMENT * (len(run) % 2)
    return (mode + run).decode("iso2022_jp_2004", "replace") if mode in _NEWER else REPLACEMENT * len(run)


def _pairs(run: bytes) -> str:
    """Pairs of JIS bytes (0x21 to 0x7E) through Shift_JIS."""
    shifted = bytearray()
    for at in range(0, len(run) - 1, 2):
        first, second = run[at], run[at + 1]
        if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
            shifted += b"\xfd"  # no character of cp932
            continue
        lead = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
        shifted += bytes((lead, second + (0x1F if second < 0x60 else 0x20) if first % 2 else second + 0x7E))
    text = bytes(shifted).decode("cp932", "replace").replace("\uf8f1", REPLACEMENT)
    return text + (REPLACEMENT if len(run) % 2 else "")
