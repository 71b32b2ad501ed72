"""Memory that does not last: known however a library says it, and told with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from finscribe.errors import TrainingError

OUT_OF_MEMORY_HINT = (
    "Give --batch_size 1 --gradient_accumulation_steps 8 with a shorter --max_seq_length, "
    "--load_in_4bit, or a smaller model."
)
MODEL_HINT = (
    "Give --load_in_4bit or a smaller --model_name, and see what else takes the memory (finscribe doctor); "
    "--batch_size changes nothing here."
)
"""Where no batch is learned: the model itself is too large, or a document is too long for what it leaves."""
TRAINED_HINT = (
    "What was learned is kept, and is not learned again: free memory (finscribe doctor says how much there is), "
    "and give the same command with --resume."
)
MERGING_HINT = (
    f"{TRAINED_HINT} With --save_method lora as well, the adapter is saved as it is, and not merged."
)

_SAID = (
    "out of memory",
    "can't allocate memory",  # PyTorch on a CPU
    "not enough memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
)


class OutOfMemory(TrainingError):
    """A run that memory did not last for, in a part of it that no smaller batch helps."""


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that memory did not last, a GPU's or the machine's."""
    import torch

    while error is not None:
        if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
            return True
        if isinstance(error, RuntimeError) and any(said in str(error) for said in _SAID):
            return True
        error = error.__cause__
    return False


@contextmanager
def out_of_memory_is_said(doing: str, hint: str = MODEL_HINT) -> Iterator[None]:
    """Raises `OutOfMemory` where memory does not last in here; `doing` says what was done."""
    try:
        yield
    except TrainingError:
        raise
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(f"out of memory while {doing}", hint=hint) from error


@contextmanager
def after_training() -> Iterator[None]:
    """Says of memory that does not last in here that nothing is lost that was learned; raises `OutOfMemory`."""
    try:
        yield
    except OutOfMemory as error:
        raise OutOfMemory(error.message, hint=TRAINED_HINT) from error
