"""Column of the conversation: the chat, the box for questions, and the chain of events from a question to its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from askjapan.web.columns.chat import Chat
from askjapan.web.columns.handlers import Handlers
from askjapan.web.html.start_screen import start_html
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words

EXAMPLES = 4
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class AskColumn:
    """Components of the conversation; `wire` connects their events."""

    def __init__(self, spoken: Spoken, speak: Words) -> None:
        self.pending = gr.State("")
        self.instead_of = gr.State("")
        self.chatbot = gr.Chatbot(
            label=speak.plain("conversation"),
            show_label=False,
            elem_id="aj-chat",
            height="var(--aj-chat-height)",
            min_height=220,
            placeholder=start_html(None, speak, editing=False),
            examples=_examples(speak),
            autoscroll=False,
            editable="user",
            latex_delimiters=[],
            layout="panel",
            buttons=[],
            feedback_options=None,
            allow_tags=False,
        )
        spoken.say(
            self.chatbot,
            lambda speak: {"label": speak.plain("conversation"), "examples": _examples(speak)},
        )
        spoken.send(self.chatbot, lambda speak: {"placeholder": start_html(None, speak, editing=False)})
        self.chosen = gr.Button(speak.plain("chosen_none_yet"), size="sm", elem_id="aj-chosen")
        self.question = gr.Textbox(
            label=speak.plain("question"),
            show_label=False,
            placeholder=speak.plain("question_hint"),
            lines=1,
            max_lines=4,
            submit_btn=True,
            elem_id="aj-question",
        )
        spoken.say(self.question, lambda speak: {"label": speak.plain("question"), "placeholder": speak.plain("question_hint")})
        self.note = gr.HTML("", elem_id="aj-note")

    def wire(
        self,
        do: Handlers,
        chat: Chat,
        browser: Any,  # noqa: ANN401 - components of Gradio
        pane: Any,  # noqa: ANN401
        listing: Sequence[Any],
        filters: Sequence[Any],
    ) -> tuple[list[Any], list[Any]]:
        """Connect the events; return those that answer, and those that suggest what to ask next.

        Whatever opens another conversation cancels them.

        Args:
            do: the page's handlers.
            chat: gives the answers.
            browser: the component in which the browser keeps the visitor.
            pane: the source pane beside an answer.
            listing: the list of conversations, and its search.
            filters: the themes and works that are asked.
        """
        self.chosen.click(None, None, None, js="() => askjapan.choose()")
        rows, search = listing
        kept = [self.pending, self.note, self.instead_of]
        of_question = [self.pending, browser, self.instead_of]

        def idle(stored: object, request: gr.Request) -> Any:  # noqa: ANN401 - an update, or Gradio's sign to leave it
            # What is left of a question that was stopped may end while the next one is being answered.
            return gr.skip() if chat.is_busy(stored, request) else gr.update(submit_btn=True, stop_btn=False)

        def busy(box: str, question: str, stored: object, instead_of: str) -> tuple[Any, Any]:
            return _busy(question, box), chat.asked(question, stored, instead_of)

        suggested = []

        def ask_on(trigger: Any, prepare: Callable[..., Any], given: list[Any]) -> Any:  # noqa: ANN401 - Gradio's events
            """One way of asking: take the question, show that the page is busy, answer, refresh the list, suggest what to ask next."""
            taken = trigger(prepare, given, kept, queue=False, **PRIVATE).then(
                busy, [self.question, *of_question], [self.question, self.chatbot], queue=False, **PRIVATE
            )
            taken.failure(chat.kept, [browser], [self.chatbot], queue=False, **PRIVATE)
            answered = taken.success(
                chat.respond,
                [self.pending, browser, *filters, self.instead_of],
                [self.chatbot, pane, browser],
                concurrency_limit=None,
                # What was stopped counts as running until its last step is over, and the next question does not wait for that.
                trigger_mode="multiple",
                **PRIVATE,
            )
            listed = answered.then(idle, [browser], [self.question], queue=False, **PRIVATE).then(
                do.history.rows, [browser, search], [rows], queue=False, **PRIVATE
            )
            suggested.append(listed.then(chat.suggest, of_question, [self.chatbot], concurrency_limit=None, **PRIVATE))
            return answered

        def chosen(stored: object, request: gr.Request, event: gr.SelectData) -> tuple[str, str, str]:
            return do.take_question(_selected(event), stored, request)

        asked = [
            ask_on(self.question.submit, do.take_question, [self.question, browser]),
            ask_on(self.chatbot.example_select, chosen, [browser]),
            ask_on(self.chatbot.option_select, chosen, [browser]),
            ask_on(self.chatbot.retry, do.retry, [browser]),
            ask_on(self.chatbot.edit, do.edit, [browser]),
        ]

        def stop(box: str, question: str, stored: object, instead_of: str, request: gr.Request) -> tuple[Any, Any]:
            shown, left = chat.stop(question, stored, instead_of, request)
            if box or not left:
                # Whoever types on while this is on its way keeps what is typed.
                return shown, gr.update(submit_btn=True, stop_btn=False)
            return shown, gr.update(value=left, submit_btn=True, stop_btn=False)

        self.question.stop(
            stop, [self.question, *of_question], [self.chatbot, self.question], cancels=asked, queue=False, **PRIVATE
        )
        return asked, suggested


def _examples(speak: Words) -> list[Any]:
    """Example questions, each shown with the kind of question that it is."""
    questions = ((speak.plain(f"example_{number}"), speak.plain(f"example_kind_{number}")) for number in range(1, EXAMPLES + 1))
    return [{"text": question, "display_text": f"{kind} · {question}"} for question, kind in questions]


def _selected(event: gr.SelectData) -> str:
    value = event.value
    return str(value.get("text") or value.get("value") or "") if isinstance(value, dict) else str(value)


def _busy(pending: str, box: str) -> dict[str, Any]:
    """Empty the box of the question that was asked, but keep other text that is being typed.

    Raises:
        gr.Error: no question was taken; it is not shown, and ends the chain of events.
    """
    if not pending:
        raise gr.Error("Not taken.", visible=False, print_exception=False)
    return gr.update(value="" if box.strip() == pending.strip() else box, submit_btn=False, stop_btn=True)
