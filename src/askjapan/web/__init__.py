"""The web chat: one Gradio page on this machine, without a request to any other."""

from __future__ import annotations

import os
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


def launch(settings: Settings, open_browser: bool = False) -> None:
    """Serve the chat until the process is stopped; models load, and a missing index is built, while the page is up already.

    Args:
        settings: index, address, port, and the file for conversations.
        open_browser: open the page in the user's browser.

    Raises:
        AskJapanError: conversations cannot be kept, or the port is taken.
    """
    from askjapan.web.conversations import Keeper
    from askjapan.web.service import Desk
    from askjapan.web.serving import serve

    keeper = Keeper(settings.conversations_file)
    desk = Desk(settings)
    desk.start()
    serve(build_page(desk, keeper), settings, open_browser=open_browser)
