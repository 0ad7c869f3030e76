"""Bounds of an upload: refused while it comes in, with a sentence, and nothing of it stays."""

from __future__ import annotations

import http.client
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from askjapan.web.server.upload_guard import BROKEN_OFF, CLOSED, MOST_FILES, NO_FORM, TOO_MANY
from tests.support.web_places import make_library, served

KINDS = ".docx, .epub, .htm, .html, .markdown, .md, .pdf, .txt, .xhtml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(make_library(folder / "home"), folder / "c.sqlite3", ASKJAPAN_UPLOAD_MEGABYTES="1") as url:
        yield url


def part(name: str, content: bytes = b"Kelp.") -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="files"; filename="' + name.encode() + b'"\r\n\r\n' + content + b"\r\n"


def upload(address: str, body: bytes | list[bytes], kind: str = "multipart/form-data; boundary=x") -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        # A list is sent in chunks, without a length before it.
        chunked = isinstance(body, list)
        connection.request("POST", "/gradio_api/upload", iter(body) if isinstance(body, list) else body,
                           {"Content-Type": kind, "Origin": address}, encode_chunked=chunked)  # fmt: skip
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "uploads").rglob("*") if path.is_file())


def test_an_upload_lies_in_a_private_folder_under_the_hash_of_its_contents(address: str, folder: Path) -> None:
    status, told = upload(address, part("../../kelp & <b>.md") + b"--x--\r\n")
    assert status == 200
    assert stat.S_IMODE((folder / "uploads").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "c.sqlite3").stat().st_mode) == 0o600
    path = next(path for path in (folder / "uploads").rglob("*") if path.is_file())
    assert str(path) in told
    assert len(path.parent.name) == 64
    assert path.parent.parent == folder / "uploads"
    path.unlink()


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (part("a.md") + part("run.sh") + b"--x--\r\n", 400, f"run.sh is of a kind that cannot be read. Readable are {KINDS}."),
        (part("none") + b"--x--\r\n", 400, f"none is of a kind that cannot be read. Readable are {KINDS}."),
        (b"".join(part(f"{n}.md") for n in range(MOST_FILES + 1)) + b"--x--\r\n", 400, str(TOO_MANY)),
        (part("a.md", b"x" * 1_000_000) + b"--x--\r\n", 413, None),
        ([part("a.md", b"x" * 600_000), part("b.md", b"x" * 600_000), b"--x--\r\n"], 400, None),
        (b"--y no form", 400, str(NO_FORM)),
    ],
)  # fmt: skip
def test_what_breaks_a_bound_is_told_and_gone(
    address: str, folder: Path, body: bytes | list[bytes], status: int, told: str | None
) -> None:
    large = "An upload holds at most 1 MB, all its files together. Upload fewer files at once, or copy them with `askjapan add`."
    assert upload(address, body) == (status, told or large)
    assert kept(folder) == []


def test_what_is_no_form_is_told(address: str) -> None:
    assert upload(address, b"{}", "application/json") == (400, str(NO_FORM))


def test_an_upload_that_breaks_off_leaves_nothing(address: str, folder: Path) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", "/gradio_api/upload")
    for name, value in (("Content-Type", "multipart/form-data; boundary=x"), ("Origin", address), ("Content-Length", "5000")):
        connection.putheader(name, value)
    connection.endheaders(part("half.md", b"x" * 3000))
    connection.close()
    for _ in range(600):
        upload(address, part("a.sh") + b"--x--\r\n")
        if kept(folder) == []:
            break
    assert kept(folder) == []
    assert str(BROKEN_OFF).endswith(".")


def test_a_closed_library_takes_nothing(folder: Path) -> None:
    (folder / "closed").mkdir()
    with served(make_library(folder / "other"), folder / "closed" / "c.sqlite3", ASKJAPAN_LIBRARY_EDITING="false") as url:
        assert upload(url, part("kelp.md") + b"--x--\r\n") == (403, str(CLOSED))
        assert kept(folder / "closed") == []


def test_a_japanese_visitor_is_refused_in_japanese(address: str) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": address, "Accept-Language": "ja"}
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request("POST", "/gradio_api/upload", part("program.exe") + b"--x--\r\n", headers)
    told = connection.getresponse().read().decode()
    connection.close()
    assert f"program.exe は読み取れない形式のファイルです。読み取れる形式は {KINDS} です。" in told
