"""Grounded decoding: what is printed, the grammar made of it, one decoder loop, the model backends."""

from finscribe.decoding.answering import Answer, Task
from finscribe.decoding.decoder import decode
from finscribe.decoding.grammar import Grounding
from finscribe.decoding.loading import load_model
from finscribe.decoding.model import AskedModel, LanguageModel, SteeredModel
from finscribe.decoding.printed import Printed

__all__ = [
    "Answer",
    "AskedModel",
    "Grounding",
    "LanguageModel",
    "Printed",
    "SteeredModel",
    "Task",
    "decode",
    "load_model",
]
