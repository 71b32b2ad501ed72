"""Several processes that train one model together, as torchrun and `accelerate launch` start them: one for each GPU.

Each learns its share of every step. The first alone checks the data, reads validation documents, writes and speaks;
what it finds out, it tells the others.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

Found = TypeVar("Found")

PATIENCE = timedelta(hours=12)
"""How long the others wait while the first one loads a model or reads validation documents."""


def count_processes() -> int:
    """How many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this is the process that writes and speaks; one that is alone is."""
    return int(os.environ.get("RANK", "0")) == 0


def meet() -> None:
    """Waits until every process has come this far."""
    if count_processes() > 1:
        _group().wait_for_everyone()


def leave() -> NoReturn:
    """Ends a process that is not the first at once: libraries whose threads it tears down abort it now and then."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def from_first(found: Found) -> Found:
    """What the first process found, in all of them."""
    if count_processes() == 1:
        return found
    from accelerate.utils import broadcast_object_list

    _group()
    return broadcast_object_list([found])[0]  # type: ignore[no-any-return]


def in_any(said: bool) -> bool:
    """Whether one of the processes says so, in all of them."""
    if count_processes() == 1:
        return said
    import torch
    from accelerate.utils import reduce

    return bool(reduce(torch.tensor(int(said), device=_group().device), "sum"))


def _group() -> Any:
    """The connection between the processes, made when it is first needed."""
    import torch
    from accelerate import PartialState

    cpu = not torch.cuda.is_available()
    if (
        cpu
    ):  # else it is called cpu:0 in the first process, a name under which no checkpoint can be read again
        os.environ["ACCELERATE_TORCH_DEVICE"] = "cpu"
    return PartialState(cpu=cpu, timeout=PATIENCE)
