"""Requests of a browser come in; one Gradio page goes out, without requests elsewhere; it may import the assistant, `citations` and `index`."""

from __future__ import annotations

import gc
import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from askjapan.web.editor_stubs import leave_out_editor_stubs

# Read by Gradio when it is imported: no usage reports, no look for a newer version.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
leave_out_editor_stubs()

if TYPE_CHECKING:
    from askjapan.settings import Settings
    from askjapan.web.conversations.store import ConversationStore
    from askjapan.web.page import ChatPage
    from askjapan.web.shared.service import AssistantService

__all__ = ["build_page", "launch"]


def build_page(service: AssistantService, store: ConversationStore, pause: float = 0.15) -> ChatPage:
    """Build the page, without launching it.

    Args:
        service: the assistant and the builds that all visitors share.
        store: where conversations are kept.
        pause: seconds between two sentences of an answer.
    """
    from askjapan.web.page import ChatPage

    return ChatPage(service, store, pause)


def launch(settings: Settings, open_browser: bool = False) -> None:
    """Serve the chat until the process is stopped; models load, and a missing index is built, while the page is up already.

    The address is printed before anything is loaded, and first serves a page that says that the chat is starting; it is printed again when
    the chat is open.

    Args:
        settings: index, address, port, and the file for conversations.
        open_browser: open the page in the user's browser.

    Raises:
        AskJapanError: conversations cannot be kept, the port is taken, or other machines could reach the page and no setting says who may.
    """
    from askjapan.web.conversations.room import Room
    from askjapan.web.conversations.store import ConversationStore
    from askjapan.web.server.hosts import is_local, listening_on, shown_address, who_may
    from askjapan.web.server.starting import Starting

    host, port = listening_on(settings)
    who_may(settings, host)
    room = Room(settings.conversations_each, settings.conversations_megabytes, oldest_go=not is_local(settings))
    store = ConversationStore(settings.conversations_file, room)
    with Starting(host, port), _uncollected():
        _tell(f"askjapan is starting; the page will be at {shown_address(host, port)}")
        if open_browser:
            webbrowser.open(shown_address(host, port))
        from askjapan.web.shared.service import AssistantService

        service = AssistantService(settings)
        service.start()
        from askjapan.web.serving import serve

        page = build_page(service, store)
    serve(page, settings, block=False)
    _tell(f"The page is open: {shown_address(host, port)} (Ctrl+C stops it.)")
    page.demo.block_thread()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make what lasts without looking through it for garbage again and again, which is a sixth of the start, and never do so later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
