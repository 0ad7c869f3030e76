"""Launches the page with theme, style and script from this package and nothing from anywhere else."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from askjapan.errors import AskJapanError
from askjapan.home import on_space
from askjapan.index.works.library import readable_endings
from askjapan.settings import Settings
from askjapan.web.columns.handlers import Handlers
from askjapan.web.page import ChatPage
from askjapan.web.server.call_guard import CallGuard
from askjapan.web.server.hosts import Hosts, known_hosts, listening_on, who_may
from askjapan.web.server.paths import HEALTH, Paths
from askjapan.web.server.rates import RateLimit, Rates
from askjapan.web.server.request_log import RequestLog, start_logging
from askjapan.web.server.response_headers import ResponseHeaders
from askjapan.web.server.sign_in import SignIn
from askjapan.web.server.upload_guard import UploadGuard
from askjapan.web.words.initial_language import FirstWords
from askjapan.web.words.translations import LANGUAGES, words

# Names of fonts that systems have: a theme's default would be fetched from a font server.
SANS = ("system-ui", "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic UI", "sans-serif")
SCRIPT_WORDS = (
    "answer", "ask", "away", "call_failed", "close", "collection_name", "collection_sure", "conversation", "conversations", "copied",
    "copy_failed", "drop", "edit", "edit_done", "edit_leave", "find_none", "mentions_find", "page_loading", "retry", "source", "stop", "you",
)  # fmt: skip
SCRIPTS, STYLES = ("card", "askjapan", "page", "server", "find"), ("askjapan", "page")
MOST_EVENTS = 1_000  # of all kinds that wait in Gradio's own queue; questions have a shorter line of their own
# A hosted space is shown in a frame of its host's pages.
SPACES = ("https://huggingface.co", "https://*.huggingface.co")
MONO = ("ui-monospace", "Consolas", "Noto Sans Mono CJK JP", "monospace")


def serve(page: ChatPage, settings: Settings, *, open_browser: bool = False, block: bool = True) -> str:
    """Launch the page and return its address.

    Args:
        page: what to launch.
        settings: address and port; where they are left at their defaults, `GRADIO_SERVER_NAME` and `GRADIO_SERVER_PORT` are used.
        open_browser: open the page in the user's browser.
        block: return only when the server is stopped.

    Raises:
        SettingsError: other machines could reach the page, and no setting says who may use it.
        AskJapanError: the port is taken.
    """
    static = files("askjapan.web").joinpath("static")
    script, style = (
        "\n".join(static.joinpath(f"{name}.{kind}").read_text(encoding="utf-8") for name in names)
        for kind, names in (("js", SCRIPTS), ("css", STYLES))
    )
    script = f"window.askjapanWords = {_script_words()};\n{script}"
    host, port = listening_on(settings)
    options: dict[str, Any] = {
        "server_name": host,
        "server_port": port,
        "theme": _theme(),
        "css": style,
        "head": f"<script>{script}</script>",
    }
    layers = _layers(page, settings, host, script)
    more = page.tools.mcp_options()
    start_logging(settings.log_level)
    page.demo.queue(default_concurrency_limit=16, max_size=MOST_EVENTS)
    try:
        _, url, _ = page.demo.launch(
            **options,
            inbrowser=open_browser,
            prevent_thread_lock=not block,
            app_kwargs={**more, "routes": [*more.get("routes", ()), _health(page.handlers)], "middleware": layers},
            max_file_size=settings.upload_megabytes * 1_000_000,
            favicon_path=str(static.joinpath("favicon.svg")),
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            share=False,
            enable_monitoring=False,
            quiet=True,
            show_error=True,
            # Else Gradio asks for its own page, and gives up where a busy machine takes more than three seconds for it.
            _frontend=False,
        )
    except OSError as error:
        raise AskJapanError(
            f"The chat cannot listen on {host}:{port} ({error}).",
            "Stop what uses that port, or choose another one with --port.",
        ) from error
    return str(url)


def _health(do: Handlers) -> Route:
    """Health route for the page and for monitoring: loading, ready or failed, and the queue's length; it reveals nothing of the works."""

    def tell(request: Request) -> Response:
        status = do.service.status
        told = {"status": status.kind, "building": status.building, "waiting": do.service.line.length, **do.health()}
        return JSONResponse(told, 503 if status.kind == "failed" else 200, {"Cache-Control": "no-store"})

    return Route(HEALTH, tell)


def _layers(page: ChatPage, settings: Settings, listens_on: str, script: str) -> list[Middleware]:
    """The middleware that a request passes before it reaches Gradio, in this order."""
    credentials = who_may(settings, listens_on)
    documented = {str(fn.api_name): number for number, fn in page.demo.fns.items() if fn.api_visibility == "public"}
    kinds = readable_endings() if settings.library_editing else frozenset()
    return [
        Middleware(RequestLog),
        Middleware(ResponseHeaders, scripts=[script], framed_by=SPACES if on_space() else ()),
        Middleware(Hosts, known=known_hosts(listens_on, settings.hosts)),
        *([Middleware(SignIn, credentials=credentials)] if credentials else []),
        Middleware(RateLimit, rates=Rates(settings.rate_limit)),
        Middleware(Paths, documented=documented),
        Middleware(UploadGuard, kinds=kinds, megabytes=settings.upload_megabytes),
        Middleware(CallGuard, documented=frozenset(documented.values())),
        Middleware(FirstWords, said=page.said()),
    ]


def _theme() -> gr.themes.Base:
    """Gradio's base theme in the system's own fonts, its quiet colours darkened (or lightened) to a contrast of 4.5 : 1."""
    theme = gr.themes.Base(primary_hue="indigo", neutral_hue="slate", font=SANS, font_mono=MONO)
    quiet = {
        name + suffix: colour
        for name in (
            "body_text_color_subdued",
            "block_info_text_color",
            "block_label_text_color",
            "block_title_text_color",
            "input_placeholder_color",
        )
        for suffix, colour in (("", "*neutral_600"), ("_dark", "*neutral_300"))
    }
    theme.set(
        **quiet,
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_200",
    )
    return theme


def _script_words() -> str:
    chosen = {language: {key: words(language).plain(key) for key in SCRIPT_WORDS} for language in LANGUAGES}
    return json.dumps(chosen, ensure_ascii=False)
