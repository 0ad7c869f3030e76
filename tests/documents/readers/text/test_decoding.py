"""Bytes → text: Japanese encodings with Microsoft's additions, declared labels, shift sequences, UTF-16 without a mark."""

from pathlib import Path

import pytest

from askjapan.documents.readers.text.decoding import decode
from askjapan.errors import UnreadableText, WrongFormat
from tests.support.sayings import told

WORK = Path("work.txt")
LONG = "青海港は二〇〇九年に南の三つの町と協定を結び、漁業と教育の交流を始めた。"


def euc(text: str) -> bytes:
    """EUC-JP with NEC's and IBM's characters, by way of Shift_JIS."""
    out = bytearray()
    for char in text:
        pair = char.encode("cp932")
        if len(pair) == 1:
            out += pair if pair[0] < 0x80 else bytes((0x8E, pair[0]))
            continue
        lead, trail = pair
        row = (lead - (0x70 if lead < 0xA0 else 0xB0)) * 2
        odd = trail < 0x9F
        out += bytes((row - odd + 0x80, (trail - (0x1F if trail < 0x7F else 0x20) if odd else trail - 0x7E) + 0x80))
    return bytes(out)


def jis(text: str) -> bytes:
    """ISO-2022-JP with the same characters; ASCII and other characters must not be mixed."""
    return b"\x1b$B" + bytes(byte & 0x7F for byte in euc(text)) + b"\x1b(B"


@pytest.mark.parametrize("text", ["①県と②市", "㈱青海と㎡", "NO. ⅣとⅨ", LONG, "ｱｵﾐ港 -- 100%", "～と－と∥"])
def test_euc_jp_is_read_with_the_additions_of_microsoft(text):
    assert decode(WORK, euc(text), "EUC-JP").text == text
    assert told(decode(WORK, euc(text), "euc-jp").warnings) == ()
    assert decode(WORK, euc(LONG + text)).text == LONG + text


def test_iso_2022_jp_is_read_with_the_additions_of_microsoft_and_half_width_kana():
    data = jis("①県と㈱青海") + b" (1987)\r\n" + b"\x1b(I1\x35\x50\x1b(B" + b" ABC\x0e1\x35\x50\x0f"
    decoded = decode(WORK, data, "iso-2022-jp")
    assert decoded.text == "①県と㈱青海 (1987)\r\nｱｵﾐ ABCｱｵﾐ"
    assert told(decoded.warnings) == ("work.txt is not UTF-8; it was read as ISO-2022-JP.",)


def test_characters_of_jis_x_0212_and_0213():
    assert decode(WORK, f"{LONG}丂".encode("euc_jp"), "euc-jp").text == f"{LONG}丂"
    assert decode(WORK, f"{LONG}俱".encode("iso2022_jp_2004"), "iso-2022-jp").text == f"{LONG}俱"


def test_shifts_that_do_not_decode_never_become_another_encoding():
    data = jis("青海港") + b"\x1b$B\x7f\x7f\x30\x1b(B and \xe9."
    decoded = decode(WORK, data)
    assert decoded.text.startswith("青海港�")
    assert decoded.text.endswith(" and �.")
    assert told(decoded.warnings)[0].startswith("work.txt is not valid ISO-2022-JP in ")
    with pytest.raises(UnreadableText) as caught:
        decode(WORK, b"\x1b$)A\x0e\x3d\x3b\x0f")
    assert str(caught.value) == (
        "work.txt has the shift sequences of an encoding that is not read here. Save it again as UTF-8 and add that."
    )


def test_a_declared_label_goes_before_a_guess_even_where_a_byte_is_broken():
    data = (LONG * 3).encode("cp932") + b"\x81" + b"\n"
    decoded = decode(WORK, data, "Shift_JIS")
    assert decoded.text.startswith(LONG * 3)
    assert told(decoded.warnings) == (
        "work.txt is not valid Shift_JIS in 1 place; each is read as the replacement character U+FFFD.",
    )
    assert decode(WORK, "Žuvys ir ūkis".encode("cp1257"), "windows-1257").text == "Žuvys ir ūkis"


@pytest.mark.parametrize("label", ["utf-16", "utf-7", "rot13", "unicode_escape", "zlib", "nonsense", ""])
def test_labels_that_cannot_be_right_are_passed_over(label):
    assert decode(WORK, LONG.encode("euc_jp"), label).text == LONG


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["The port of Aomi.\r\nFive boats.", LONG, f"{LONG}\n{LONG}", "港の町は、あおみと呼ばれた。"])
def test_utf16_without_a_mark(text, encoding):
    decoded = decode(WORK, text.encode(encoding))
    assert (decoded.text, told(decoded.warnings)) == (text, ("work.txt is not UTF-8; it was read as UTF-16.",))


@pytest.mark.parametrize("data", [b"\0" * 40, bytes(range(256)) * 4, b"MZ\0\0" + b"\x01\x02\0\xff" * 50, b"a\0b\0\0\0c\0"])
def test_binary_data_are_no_utf16(data):
    with pytest.raises(WrongFormat):
        decode(WORK, data)
