"""How soon the chat is seen: milliseconds until a browser on this machine paints the first content of the page.

    python benchmarks/first_paint.py [URL]

Prints the median and the range of five loads, each by a new visitor with nothing in the browser's cache. Without an address the
chat over the study notes is served for the measurement.
"""

from __future__ import annotations

import statistics
import sys
from contextlib import nullcontext

from page import chat, chromium, visit

LOADS = 5
PAINTED = "performance.getEntriesByType('paint').find(entry => entry.name === 'first-contentful-paint').startTime"


def main() -> None:
    """Measure and print."""
    with nullcontext(sys.argv[1]) if len(sys.argv) > 1 else chat() as url, chromium() as browser:
        visit(browser, url).context.close()
        paints = []
        for _ in range(LOADS):
            page = visit(browser, url)
            paints.append(page.evaluate(PAINTED))
            page.context.close()
    print(  # noqa: T201
        f"first contentful paint: {statistics.median(paints):.0f} ms ({min(paints):.0f}-{max(paints):.0f}, {LOADS} loads)"
    )


main()
