"""How long the next review takes to open after an approval: python benchmarks/review.py [--reviews 10] [--most 300]

Starts a server with a data folder of its own, sends it invoices that our generator prints as PDF, waits until they were
read, and approves them one after the other in Chromium with Ctrl + Enter. Measured in the browser, from the key to the
frame in which the next document is shown: its first field has the focus, and the picture of its page is there. Where
checks of a document fail, the key asks first, and the one that answers is measured. With
`--most`, the exit code is 1 where the median takes more milliseconds. Needs the extras `web`, `synthesis` and `dev`,
and Chromium (`FINSCRIBE_CHROMIUM` names another one).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import percentiles
from benchmarks.serving import PATIENCE, serve, wait_for
from finscribe import starter
from finscribe.synthesis import generate
from finscribe.synthesis.rendering.pages import render_pdf

DOCUMENTS = "/api/v1/documents"
SEED = 9_100_000_000

MEASURE = """() => { window.measured = new Promise((resolve) => {
  const before = location.pathname;
  const listen = (pressed) => {
    if (pressed.key !== "Enter") return; // that of Control comes first
    document.removeEventListener("keydown", listen, true);
    const look = () => {
      const picture = document.querySelector(".viewer-sheet img");
      const id = location.pathname.split("/").pop();
      const shown = picture?.complete && picture.naturalWidth > 0 && picture.src.includes(id);
      const focused = document.activeElement?.closest("[data-path]");
      if (location.pathname !== before && shown && focused) resolve(performance.now() - pressed.timeStamp);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  document.addEventListener("keydown", listen, true);
  setTimeout(() => resolve(null), 60000);
}); }"""
"""Makes `window.measured`: the milliseconds from a key to the frame with the next review, null if it does not come."""


def send(request: Any, count: int) -> None:
    """Sends invoices, and returns when all of them were read."""
    for number in range(count):
        content = render_pdf(generate(SEED + number, ("invoice-two-column", "invoice-meta-table")))
        file = {"name": f"{number}.pdf", "mimeType": "application/pdf", "buffer": content}
        answer = request.post(DOCUMENTS, multipart={"files": file})
        if not answer.ok:
            raise SystemExit(answer.text())

    def read() -> bool:
        counts = request.get(DOCUMENTS, params={"limit": "1"}).json()["counts"]
        if counts["failed"]:
            raise SystemExit("a document could not be read")
        return bool(counts["needs_review"] == count)

    wait_for(read, "reading the documents", PATIENCE * count)


def measure(page: Any, reviews: int) -> list[float]:
    """Milliseconds from Ctrl + Enter to the next review, for each of them."""
    page.goto("/")
    page.locator(".inbox tbody a").first.click()
    page.locator("[data-path] input:focus").wait_for()
    found = []
    for _ in range(reviews):
        if page.locator(".review-pane:visible .failing[data-path]").count():
            page.keyboard.press("Control+Enter")
            page.locator(".review-pane:visible .question:visible").wait_for()
        page.wait_for_timeout(1500)  # a glance at the page, in which the next one is fetched
        page.evaluate(MEASURE)
        page.keyboard.press("Control+Enter")
        measured = page.evaluate("window.measured")
        if measured is None:
            raise SystemExit(f"{page.url}: the next review does not come")
        found.append(float(measured))
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reviews", type=int, default=10)
    parser.add_argument("--most", type=float, help="milliseconds that the median may take")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    browser = (
        os.environ.get("FINSCRIBE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), starter.path()) as (address, _),
        sync_playwright() as play,
        play.chromium.launch(executable_path=browser, args=["--no-sandbox"]) as chromium,
        chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800}) as context,
    ):
        send(context.request, args.reviews + 1)
        found = measure(context.new_page(), args.reviews)
    p50, p95, _ = percentiles(found)
    print(f"{len(found)} reviews: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {max(found):.0f} ms")
    print(" ".join(f"{each:.0f}" for each in found))
    if args.most is not None and p50 > args.most:
        sys.exit(f"the median takes more than {args.most:g} ms")


if __name__ == "__main__":
    main()
