"""Which address the server listens on."""

import sys
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from uvicorn.main import main as uvicorn


def listens_beyond(arguments: Sequence[str] | None = None) -> bool:
    """Whether uvicorn was told to listen on more than a loopback address; False where something else serves.

    A Unix socket and a handed-over one count as more: behind them is a proxy, and it speaks for others.
    """
    program, *options = sys.argv if arguments is None else arguments
    path = Path(program)
    if "uvicorn" not in (path.name, path.stem, path.parent.name):  # also `python -m uvicorn`
        return False
    given = uvicorn.make_context("uvicorn", options, resilient_parsing=True).params
    return bool(given["uds"] or given["fd"] is not None) or not is_loopback(given["host"])


def is_loopback(host: str) -> bool:
    """Whether an address, or a name in its place, is one of this machine alone."""
    if not is_address(host):
        return host == "localhost"
    address = ip_address(host)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def is_address(host: str) -> bool:
    """Whether this is an address, and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
