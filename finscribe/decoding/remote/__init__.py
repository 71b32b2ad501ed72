"""Models on other machines, asked over OpenAI's protocol: vLLM, SGLang, llama.cpp and whatever else speaks it.

model.py       the model: what is served, tasks asked side by side, answers in their order
looking.py     what servers list, and which of it is asked
asking.py      one task until there is an answer: who is asked, in which dialect, how often
endpoints.py   the servers: taken in turn, one that fails set aside for a while
dialects.py    what is sent: the prompt, and the grammar or schema as each kind of server takes it
transport.py   one request, limited in time and size
replies.py     what came back, trusted in nothing
scanning.py    the JSON in a text that may be anything
checking.py    from that to an answer in which every value is one that the document prints

What a server is sent and what it says never reaches a log or an error: both hold what documents print.
"""

from __future__ import annotations

PREFIX = "remote:"
"""How the names begin of models that are asked for on FINSCRIBE_REMOTE_URL; alone it means the one served there."""


def is_remote(name: str) -> bool:
    """Whether a name means a model on another machine."""
    return name.startswith(PREFIX)
