"""A small library for the page's tests, and a page over it on a port of this machine."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from askjapan.index.build import build
from askjapan.settings import Settings, load_settings
from askjapan.web.shared.service import AssistantService
from tests.support.commands import ROOT, SOURCE, SUPPORT
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place, make_place

MONEY = "How much did Hoshino spend on exchanges with foreign towns in 1998?"
MONEY_SENTENCE = "Hoshino spent 312 million yen on exchanges with foreign towns in 1998."
MONEY_QUOTE = (
    f"{MONEY_SENTENCE} By 2004 the sum had fallen to 95 million yen, because the prefecture no longer paid for travel. School visits "
    "went on, paid for by parents and by the fishing cooperative."
)
"""The sentence with those after it, which an answer quotes with it."""
NETS = "How many nets did the fleet of Kujira lose in 1999?"
NETS_QUOTE = (
    "The fleet of Kujira lost 41 nets in 1999 <script>window.hacked = 1</script> {{constructor}} ${window.hacked = 1} "
    '"><img src=x onerror=window.hacked=1> in one storm.'
)
NETS_SHOWN = re.sub(r"<[^<>]+>.*?</[^<>]+> |<img[^<>]*>", "", NETS_QUOTE)
"""A quote leaves a file's own markup out."""
BOATS = "How many boats did the harbour of Asahi have in 2000?"
PAGES = "When did the lighthouse of Minato receive its second lamp?"
PAGES_QUOTE = "The lighthouse of Minato received its second lamp in 1931. Forty men carried the glass up the cliff."

KNOTS = f"""---
title: Nets & <b>Knots</b>
authors: Rin Sato
year: 2011
themes: fisheries
---

# Losses at sea

{NETS_QUOTE}

# Boats

Table 1. Boats by harbour

| Harbour | Boats in 1990 | Boats in 2000 |
|---|---|---|
| Kujira | 120 | 87 |
| Asahi | 44 | 61 |
| Yoichi | 15 | 12 |
"""


def make_pdf(path: Path) -> None:
    """Two pages, the second of which says when the lamp came."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), invariant=True)
    canvas.setTitle("Lamps of Minato")
    canvas.setAuthor("Emi Hara")
    for lines in (
        (
            "The harbour of Minato was dug by hand between 1880 and 1889.",
            "Its first lamp burned rapeseed oil.",
            "Ox carts brought stones from the hills.",
            "Ships from the north unloaded salted fish.",
            "Merchants built storehouses along the quay.",
        ),
        re.split(r"(?<=[.]) ", PAGES_QUOTE),
    ):
        for number, line in enumerate(lines):
            canvas.drawString(72, 720 - 20 * number, line)
        canvas.showPage()
    canvas.save()


def make_library(home: Path, pdf: bool = False) -> Place:
    """The invented works, one with everything in it that a page must not obey, and their index."""
    place = make_place(home)
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    (place.works / "knots.md").write_text(KNOTS, encoding="utf-8")
    if pdf:
        make_pdf(place.works / "lamps.pdf")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place


@contextmanager
def first_build(folder: Path) -> Iterator[tuple[str, Path]]:
    """A page over a library whose first index is being built: its address, and the file whose deletion lets the build go on."""
    place = make_library(folder / "home")
    shutil.rmtree(place.index)
    (held := folder / "held").touch()
    with served(place, folder / "c.sqlite3", HELD_BUILD=str(held)) as url:
        yield url, held


def settings_of(place: Place, threshold: float = 0.0, port: int = 7860) -> Settings:
    """Settings for a place; with a threshold of 0 everything is answered, with 1 nothing is."""
    return load_settings(home=place.home, threshold=threshold, port=port, multilingual=False)


def make_service(place: Place, threshold: float = 0.0) -> AssistantService:
    """A service whose models are there already."""
    service = AssistantService(settings_of(place, threshold), HashEncoder())
    service.start()
    assert service.wait(30)
    return service


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class PageServers:
    """Pages in processes of their own, copies of one that has imported what a page needs; one such a process of tests."""

    def __init__(self) -> None:
        self._orders = subprocess.Popen(
            [sys.executable, str(SUPPORT / "serve_page.py")],
            env={**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def order(self, **order: object) -> int:
        assert self._orders.stdin is not None
        assert self._orders.stdout is not None
        self._orders.stdin.write(json.dumps(order) + "\n")
        self._orders.stdin.flush()
        return int(json.loads(self._orders.stdout.readline()))

    def close(self) -> None:
        self._orders.communicate()


@cache
def page_servers() -> PageServers:
    servers = PageServers()
    atexit.register(servers.close)
    return servers


@contextmanager
def served(
    place: Place, conversations: Path, threshold: float = 0.0, pause: float = 0.0, port: int = 0, **environment: str
) -> Iterator[str]:
    """A page over a place in a process of its own, for as long as the context lasts; its address without a slash at the end."""
    port = port or free_port()
    given = [str(each) for each in (place.home, conversations, port, threshold, pause)]
    log = conversations.parent / "server.log"
    log.write_bytes(b"")
    servers = page_servers()
    number = servers.order(serve=given, environment={**os.environ, **environment}, log=str(log))
    try:
        _wait_for(port, lambda: bool(servers.order(look=number)), log)
        yield f"http://127.0.0.1:{port}"
    finally:
        servers.order(end=number)
        assert "REACHED OUT" not in log.read_text("utf-8"), "The page's server looked up or connected to another machine."


def _wait_for(port: int, runs: Callable[[], bool], log: Path) -> None:
    for _ in range(2400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if not runs():
            break
        time.sleep(0.1)
    raise AssertionError(f"The page did not come up:\n{log.read_text('utf-8')}")
