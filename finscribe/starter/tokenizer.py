"""The starter's tokenizer: byte-level BPE in which a word is always written with the same tokens.

Spaces stand alone and digits are single, so that copying a word or an amount from the page into the JSON
means writing the very same tokens. The fixed text of prompt and JSON is made of whole pieces.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from finscribe.invoice import ALL_FIELDS, DOCUMENT_TYPES, LINES, cells_of, skeleton
from finscribe.prompts import FIELDS_LABEL, HEADER, INSTRUCTION, JSON_LABEL

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAD, END = "<pad>", "<end>"
PIECES_OF_TEXT = r"\n|  |[ ]|\p{N}|\p{L}+|[^\s\p{L}\p{N}]|\s"


def fixed_pieces() -> list[str]:
    """The text that every prompt or answer shares: labels, requested paths, JSON keys with their punctuation."""
    paths = [f" {path}" for path in ALL_FIELDS]
    keys = [part for index, part in enumerate(skeleton(ALL_FIELDS)) if index % 2 == 0]
    cells = [f'"{cell}":' for cell in cells_of(ALL_FIELDS)]
    keys += [*cells, *("," + cell for cell in cells), "{" + cells[0], "},{" + cells[0], "}]", "null"]
    kinds = [f'"{kind}"' for kind in DOCUMENT_TYPES]
    partial = [part for path in ALL_FIELDS if not path.startswith(LINES) for part in skeleton([path])[::2]]
    commas = [f',"{path.rpartition(".")[2]}":' for path in ALL_FIELDS]
    return list(
        dict.fromkeys(
            [HEADER, "\n\n" + INSTRUCTION, FIELDS_LABEL, JSON_LABEL, *paths, *keys, *kinds, *partial, *commas]
        )
    )


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Learns the merges from document texts; `vocabulary` counts everything, pieces included."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES_OF_TEXT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    pieces = fixed_pieces()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(pieces),
        special_tokens=[PAD, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(piece, normalized=False, special=False) for piece in pieces])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, clean_up_tokenization_spaces=False
    )
