"""Serves the page over a small library in its own process: `python serve_page.py HOME CONVERSATIONS PORT THRESHOLD PAUSE`."""

from __future__ import annotations

import sys
from pathlib import Path

from fakes import HashEncoder

from askjapan.settings import load_settings
from askjapan.web import build_page
from askjapan.web.desk import Desk
from askjapan.web.keeping import Keeper
from askjapan.web.serving import serve

home, conversations, port, threshold, pause = sys.argv[1:]
settings = load_settings(home=Path(home), threshold=float(threshold), port=int(port), multilingual=False)
desk = Desk(settings, HashEncoder())
desk.start()
serve(build_page(desk, Keeper(Path(conversations)), float(pause)), settings)
