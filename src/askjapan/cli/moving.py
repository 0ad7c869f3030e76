"""The command that moves the search of the index between its folder and a server."""

from __future__ import annotations

from typing import Annotated

import typer

from askjapan.cli.options import settings_in_force
from askjapan.cli.terminal import line, progress_bars
from askjapan.sayings import ENGLISH, filled


def move(
    target: Annotated[
        str, typer.Argument(help="The address of a Milvus server, as http://host:19530; or `folder`, to move back.")
    ],
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Also where the server has the entries of another home there, which are lost then."),
    ] = False,
) -> None:
    """Move the search of the index to a Milvus server, or back into the index folder; nothing is embedded."""
    from askjapan.api import move_index

    settings = settings_in_force()
    with progress_bars() as progress:
        state = move_index(target, settings=settings, progress=progress, take_over=take_over)
    moved = filled("{passages} {passages:passage is|passages are}", {"passages": state.passages}, ENGLISH)
    if target == "folder":
        line(f"{moved} searched from {settings.index_folder} where ASKJAPAN_INDEX names no server.")
    else:
        line(f"{moved} on {target}, and searched there where ASKJAPAN_INDEX={target} is set.")
