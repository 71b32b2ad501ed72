"""Which address the server listens on, and whether it is free."""

import socket
import sys
from collections.abc import Sequence
from errno import EADDRINUSE
from ipaddress import IPv6Address, ip_address
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from uvicorn.main import main as uvicorn

from finscribe.errors import SettingsError


def listens_beyond(arguments: Sequence[str] | None = None) -> bool:
    """Whether uvicorn was told to listen on more than a loopback address; False where something else serves.

    A Unix socket and a handed-over one count as more: behind them is a proxy, and it speaks for others.
    """
    given = _given(arguments)
    return bool(given) and (_by_socket(given) or not is_loopback(given["host"]))


def check_free(arguments: Sequence[str] | None = None) -> None:
    """Raises SettingsError where another program has the port that uvicorn was told to listen on, or it is none.

    Uvicorn itself finds out last, when everything has started. Processes that it starts
    check nothing, for they are handed an open socket.
    """
    given = _given(arguments)
    if not given or _by_socket(given) or parent_process():
        return
    host, port = given["host"], given["port"]
    if port not in range(65536):
        raise SettingsError(f"{port} is no port", hint="Ports are numbers from 0 to 65535.")
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        if error.errno == EADDRINUSE:
            raise SettingsError(
                f"another program listens on port {port} already",
                hint="End that one, or choose another: `make serve PORT=NUMBER`, or `--port NUMBER` of uvicorn.",
            ) from error


def _given(arguments: Sequence[str] | None) -> dict[str, Any]:
    """The options of uvicorn, from the command line and the environment; nothing where something else serves."""
    program, *options = sys.argv if arguments is None else arguments
    path = Path(program)
    if "uvicorn" not in (path.name, path.stem, path.parent.name):  # also `python -m uvicorn`
        return {}
    return uvicorn.make_context("uvicorn", options, resilient_parsing=True).params


def _by_socket(given: dict[str, Any]) -> bool:
    return bool(given["uds"]) or given["fd"] is not None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


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
