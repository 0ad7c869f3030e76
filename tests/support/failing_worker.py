"""Stands in for the worker that reads files: it ends as the name of the file says, as a parser might make it end."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

for line in sys.stdin:
    name = Path(json.loads(line)["path"]).stem
    if name == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "exit":
        sys.exit(3)
    if name == "hang":
        signal.pause()
    sys.stdout.write(json.dumps({"error": "DamagedFile", "message": f"{name} was asked for.", "remedy": "None."}) + "\n")
    sys.stdout.flush()
