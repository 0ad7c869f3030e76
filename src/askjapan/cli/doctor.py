"""The command that examines the installation: `cli` puts it on the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from askjapan.cli.options import IndexDir, Json, settings_in_force
from askjapan.cli.terminal import line, print_json, table
from askjapan.file_names import plain_text
from askjapan.sayings import ENGLISH, filled


def doctor(
    index: IndexDir = None,
    port: Annotated[int | None, typer.Option(help="Port of the chat.", show_default="7860")] = None,
    mend: Annotated[bool, typer.Option("--mend", help="First put in order what processes that died have left behind.")] = False,
    json_: Json = False,
) -> None:
    """Examine Python, packages, models, corpus, index, permissions and port, with a remedy for each fault. Exit code 1 if there is one."""
    from askjapan.doctor import examine
    from askjapan.index.works.mending import mend as put_right

    settings = settings_in_force(index=index, port=port)
    mended = [plain_text(sentence) for sentence in put_right(settings)] if mend else []
    findings = examine(settings)
    if json_:
        print_json({"mended": mended, "findings": [asdict(finding) for finding in findings]})
    else:
        for sentence in mended:
            line(sentence)
        table(["area", "state", "found", "what to do"], [[*map(str, asdict(finding).values())] for finding in findings])
    faults = sum(finding.state == "bad" for finding in findings)
    if not json_:
        line(filled("{faults} {faults:fault|faults}.", {"faults": faults}, ENGLISH) if faults else "All is well.")
    if faults:
        raise typer.Exit(1)
