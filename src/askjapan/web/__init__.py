"""The web chat: one Gradio page on this machine, without a request to any other."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING

# Read by Gradio when it is imported: no usage reports, no look for a newer version.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

if TYPE_CHECKING:
    from askjapan.settings import Settings
    from askjapan.web.conversations import Keeper
    from askjapan.web.page import Page
    from askjapan.web.service import Desk

__all__ = ["build_page", "launch"]


def build_page(desk: Desk, keeper: Keeper, pause: float = 0.15) -> Page:
    """The page, not launched yet.

    Args:
        desk: the assistant and the builds that all visitors share.
        keeper: where conversations are kept.
        pause: seconds between two sentences of an answer.
    """
    from askjapan.web.page import Page

    return Page(desk, keeper, pause)


def launch(settings: Settings, open_browser: bool = False, tell: Callable[[str], None] = lambda line: None) -> None:
    """Serve the chat until the process is stopped; models load, and a missing index is built, while the page is up already.

    Args:
        settings: index, address, port, and the file for conversations.
        open_browser: open the page in the user's browser.
        tell: told at once where the chat opens, in a sentence.

    Raises:
        AskJapanError: conversations cannot be kept, the port is taken, or anybody could reach the page and nothing is said of who may.
    """
    from askjapan.web.conversations import Keeper
    from askjapan.web.listening import listening
    from askjapan.web.starting import Starting

    keeper = Keeper(settings.conversations_file)
    place = listening(settings)
    with Starting(place):
        tell(f"The chat opens on {place.url} (Ctrl-C stops it).")
        if open_browser:
            webbrowser.open(place.url)
        from askjapan.web.service import Desk
        from askjapan.web.serving import serve

        desk = Desk(settings)
        desk.start()
        page = build_page(desk, keeper)
    serve(page, settings)
