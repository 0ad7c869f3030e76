"""The commands about the chat's server: who may use it."""

from __future__ import annotations

from typing import Annotated

import typer

from askjapan.cli.terminal import line


def password(name: Annotated[str, typer.Argument(help="The user's name, without spaces and colons.")]) -> None:
    """Ask for a password and print the line that stands for it in a file of credentials; the password itself is kept nowhere."""
    from askjapan.web.server.credentials import line_for

    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    line(line_for(name, given))
