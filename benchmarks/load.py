"""What a server bears: python benchmarks/load.py [--seconds 120] [--clients 1 8 32 128] [--loads infer upload]
[--soak MINUTES] [--url URL]

Starts a server with a data folder of its own (or takes the one at `--url`) and lets so many clients at once ask it over
loopback, each as fast as it is answered: first `infer` with texts, then uploads of PDFs that are all different. Printed
are answers a second, latencies, refusals (429 and 503 that say when to come again, which the clients then do), errors
(everything else that is no answer), and the memory of the server's processes before and after.

`--soak` asks `infer` with 8 clients for so many minutes while the model is promoted and rolled back again and again
beneath them, and prints the memory after each quarter but the last. The exit code is 1 where there was an error. Needs
the extras `web`, `synthesis` and `dev`.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import httpx2
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import percentiles
from benchmarks.serving import serve
from finscribe import starter
from finscribe.registry.promotion import Candidacy, promote, rollback
from finscribe.registry.store import Registry
from finscribe.serving import load_and_try
from finscribe.settings import Settings
from finscribe.synthesis import generate
from finscribe.synthesis.rendering.pages import render_pdf

SEED = 9_200_000_000
DIFFERENT = 64
"""Documents that are drawn; every upload is one of them with a comment of its own behind it."""
LONGEST_WAIT = 2.0  # seconds that a refused client waits at most before it comes again
SOAK_CLIENTS = 8
SOAK_WARM_UP = 20.0  # seconds, in which what is loaded on use is loaded
BETWEEN_SWAPS = 20.0  # seconds
QUARTERS = 4

Ask = Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]


@dataclass(slots=True)
class Outcome:
    """What the clients of one load got: seconds of each answer, and how often what else came; and how long it took."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)


# --- the server --------------------------------------------------------------------------------------


def memory_of(server: psutil.Process | None) -> float:
    """Megabytes of the server and its workers, what they share counted once for each; 0 where it is not ours."""
    if server is None:
        return 0.0
    family = [server, *server.children(recursive=True)]
    rss: int = sum(process.memory_info().rss for process in family)
    return rss / 1e6


def promote_two(folder: Path) -> Registry:
    """Two versions of the starter, the second one served."""
    registry = Registry(folder / "models" / "unsloth-finscribe")
    for name in ("first", "second"):
        copy = folder / name
        shutil.copytree(starter.path(), copy)
        (copy / "note.txt").write_text(name)
        _promote(registry, copy)
    return registry


def serve_first(registry: Registry) -> None:
    """Goes back to the first of the two versions."""
    first, _ = registry.versions()
    rollback(registry, first.id)


def serve_second(registry: Registry) -> None:
    """Promotes the second of the two versions again."""
    _, second = registry.versions()
    _promote(registry, registry.folder_of(second))


def _promote(registry: Registry, folder: Path) -> None:
    candidacy = Candidacy(folder=folder, otherwise="starter", force="a benchmark of swapping")
    promote(registry, candidacy, lambda path: load_and_try(path, settings=Settings()), lambda _: None)


# --- the clients -------------------------------------------------------------------------------------


def infer() -> Ask:
    """Asks for the values of one text after the other."""
    texts = [generate(SEED + number).text for number in range(DIFFERENT)]
    numbers = count()

    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        text = texts[next(numbers) % DIFFERENT]
        return await client.post("/api/v1/unsloth/infer", json={"ocr_text": text})

    return ask


def upload() -> Ask:
    """Sends one PDF after the other, no two of the same bytes."""
    pages = [render_pdf(generate(SEED + number, ("invoice-two-column",))) for number in range(DIFFERENT)]
    numbers = count()

    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        number = next(numbers)
        content = pages[number % DIFFERENT] + f"\n% {time.time_ns()} {number}\n".encode()
        return await client.post(
            "/api/v1/documents", files={"files": (f"{number}.pdf", content, "application/pdf")}
        )

    return ask


async def run_load(url: str, ask: Ask, clients: int, seconds: float) -> Outcome:
    """Lets so many clients ask for so long; each begins anew when it is answered, and its last answer counts."""
    outcome, began = Outcome(), time.monotonic()
    until = began + seconds
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx2.AsyncClient(base_url=url, timeout=300, limits=limits) as client:
        await asyncio.gather(*(_client(client, ask, until, outcome) for _ in range(clients)))
    outcome.elapsed = time.monotonic() - began
    return outcome


async def _client(client: httpx2.AsyncClient, ask: Ask, until: float, outcome: Outcome) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            answer = await ask(client)
        except httpx2.HTTPError as error:
            outcome.errors[type(error).__name__] += 1
            continue
        if answer.is_success:
            outcome.seconds.append(time.monotonic() - began)
        elif answer.status_code in (429, 503) and "retry-after" in answer.headers:
            outcome.refused += 1
            await asyncio.sleep(min(float(answer.headers["retry-after"]), LONGEST_WAIT))
        else:
            outcome.errors[str(answer.status_code)] += 1


async def soak(
    url: str, server: psutil.Process, registry: Registry, minutes: float
) -> tuple[Outcome, int, list[float]]:
    """Clients on `infer` for so many minutes, how often the model was changed beneath them, and MB by quarters."""
    load = asyncio.create_task(run_load(url, infer(), SOAK_CLIENTS, minutes * 60))
    swap = cycle((serve_first, serve_second))
    began, swaps, memory = time.monotonic(), 0, list[float]()
    while not (await asyncio.wait([load], timeout=BETWEEN_SWAPS))[0]:
        await asyncio.to_thread(next(swap), registry)
        swaps += 1
        if time.monotonic() - began > (len(memory) + 1) * minutes * 60 / QUARTERS:
            memory.append(memory_of(server))
    return load.result(), swaps, memory


# --- the table ---------------------------------------------------------------------------------------

HEAD = """| load | clients | answers a second | p50 | p95 | p99 | refused | errors | memory before | after |
|---|---|---|---|---|---|---|---|---|---|"""


def row_of(name: str, clients: int, outcome: Outcome, memory: tuple[float, float]) -> str:
    """One line of the table."""
    errors = ", ".join(f"{many} x {what}" for what, many in outcome.errors.items()) or "0"
    latencies = " | ".join(f"{each:.2f} s" for each in percentiles(outcome.seconds))
    before, after = memory
    each_second = len(outcome.seconds) / (outcome.elapsed or 1)
    return (
        f"| {name} | {clients} | {each_second:.1f} | {latencies} | {outcome.refused} | {errors} "
        f"| {before:,.0f} MB | {after:,.0f} MB |"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 128])
    parser.add_argument("--loads", nargs="+", choices=("infer", "upload"), default=["infer", "upload"])
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--url", help="a server that runs already")
    args = parser.parse_args()
    if args.url and args.soak:
        parser.error("--soak changes the models of a server that it starts itself; leave --url out")
    with tempfile.TemporaryDirectory() as folder:
        if args.url:
            failed = _measure(args, args.url, None)
        else:
            registry = promote_two(Path(folder))
            with serve(Path(folder), registry.pointer) as (url, server):
                failed = _soak(args, url, server, registry) if args.soak else _measure(args, url, server)
    sys.exit(1 if failed else 0)


def _measure(args: argparse.Namespace, url: str, server: psutil.Process | None) -> int:
    """Prints a row for each load; how many errors there were."""
    print(HEAD, flush=True)
    asks = {"infer": infer, "upload": upload}
    failed = 0
    for name in args.loads:
        ask = asks[name]()
        for clients in args.clients:
            before = memory_of(server)
            outcome = asyncio.run(run_load(url, ask, clients, args.seconds))
            print(row_of(name, clients, outcome, (before, memory_of(server))), flush=True)
            failed += outcome.errors.total()
    return failed


def _soak(args: argparse.Namespace, url: str, server: psutil.Process, registry: Registry) -> int:
    """Prints what the soak came to; how many errors there were."""
    asyncio.run(run_load(url, infer(), SOAK_CLIENTS, SOAK_WARM_UP))
    before = memory_of(server)
    outcome, swaps, memory = asyncio.run(soak(url, server, registry, args.soak))
    print(HEAD)
    print(row_of("soak", SOAK_CLIENTS, outcome, (before, memory_of(server))))
    print(f"{swaps} changes of the model; MB by quarters: {', '.join(f'{each:,.0f}' for each in memory)}")
    return outcome.errors.total()


if __name__ == "__main__":
    main()
