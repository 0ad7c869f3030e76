"""Gradio's `Blocks`, with failures as sentences of this project."""

from __future__ import annotations

from typing import Any

import gradio as gr

from askjapan.web.server.faults import UNFORESEEN, log_fault


class Frame(gr.Blocks):
    """Gradio's frame of a page, whose functions fail with a sentence of this project or with `UNFORESEEN`."""

    async def process_api(self, *given: Any, **named: Any) -> dict[str, Any]:  # noqa: ANN401 - as Gradio calls it
        """Call a function as Gradio does.

        Raises:
            gr.Error: the function failed; an unforeseen fault is logged and has the message `UNFORESEEN`.
        """
        try:
            return await super().process_api(*given, **named)
        except Exception as error:
            # Errors that are meant for the caller are raised without a traceback; Gradio's own quote whatever was sent.
            if isinstance(error, gr.Error) and not error.print_exception:
                raise
            log_fault(error, str(getattr(given[0] if given else named.get("block_fn"), "api_name", "")))
            raise gr.Error(UNFORESEEN, print_exception=False) from None
