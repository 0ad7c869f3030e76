"""Memory of a served page over thousands of answers, with small stand-ins for the models, so that what the page itself keeps is seen.

    python benchmarks/memory.py --answers 2000

One question after another goes through the documented API, a third of them with an earlier one; no two are the same.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from load import memory_of, wait_until_ready

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.support.web_places import BOATS, MONEY, NETS, free_port, make_library  # noqa: E402

ASKED = (MONEY, NETS, BOATS, "When did Vesterby answer?", "Who gave the bench?", "What is a lantern?")


def asked(port: int, number: int) -> None:
    """One question, answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        # Never the same twice, so that no answer is one that is remembered.
        data = [f"{ASKED[number % len(ASKED)]} ({number})", [ASKED[0]] if number % 3 == 0 else [], [], []]
        connection.request("POST", "/gradio_api/run/ask", json.dumps({"data": data}), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise SystemExit(f"{reply.status}: {body[:300]!r}")
    finally:
        connection.close()


def measure(answers: int, every: int) -> dict[int, int]:
    """Megabytes by the number of answers."""
    with tempfile.TemporaryDirectory(prefix="askjapan-memory-") as name:
        folder, port = Path(name), free_port()
        place = make_library(folder / "home")
        script = ROOT / "tests" / "support" / "serve_page.py"
        arguments = [sys.executable, script, place.home, folder / "c.sqlite3", port, 0, 0]
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        env = {**os.environ, "PYTHONPATH": path, "ASKJAPAN_RATE_LIMIT": "0", "ASKJAPAN_LOG_LEVEL": "warning"}
        with (
            (folder / "log").open("w") as log,
            subprocess.Popen(list(map(str, arguments)), env=env, stdout=log, stderr=log) as server,
        ):
            try:
                wait_until_ready(port, server, minutes=2)
                megabytes = {}
                for number in range(answers + 1):
                    asked(port, number)
                    if number % every == 0:
                        megabytes[number] = round(memory_of(server.pid))
                return megabytes
            finally:
                server.terminate()


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=2000)
    parser.add_argument("--every", type=int, default=100)
    given = parser.parse_args()
    sys.stdout.write(json.dumps({"memory MB by answers": measure(given.answers, given.every)}, indent=1) + "\n")


if __name__ == "__main__":
    main()
