"""The web chat: one Gradio page on this machine, without a request to any other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Read by Gradio when it is imported: no usage reports, no look for a newer version.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

if TYPE_CHECKING:
    from askjapan.settings import Settings
    from askjapan.web.conversations import ConversationStore
    from askjapan.web.page import Page
    from askjapan.web.service import AssistantService

__all__ = ["build_page", "launch"]


def build_page(service: AssistantService, store: ConversationStore, pause: float = 0.15) -> Page:
    """The page, not launched yet.

    Args:
        service: the assistant and the builds that all visitors share.
        store: where conversations are kept.
        pause: seconds between two sentences of an answer.
    """
    from askjapan.web.page import Page

    return Page(service, store, pause)


def launch(settings: Settings, open_browser: bool = False) -> None:
    """Serve the chat until the process is stopped; models load, and a missing index is built, while the page is up already.

    Args:
        settings: index, address, port, and the file for conversations.
        open_browser: open the page in the user's browser.

    Raises:
        AskJapanError: conversations cannot be kept, or the port is taken.
    """
    from askjapan.web.conversations import ConversationStore
    from askjapan.web.service import AssistantService
    from askjapan.web.serving import serve

    store = ConversationStore(settings.conversations_file)
    service = AssistantService(settings)
    service.start()
    serve(build_page(service, store), settings, open_browser=open_browser)
