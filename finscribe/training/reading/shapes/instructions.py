"""Text without the instructions of older prompts, so that training and serving share one prompt."""

from __future__ import annotations

import re

# Nearly all texts have none of these, and are done after these searches.
_SUSPECT = ("json", "###", "<|", "[inst]", "<s>", "<start_of_turn>", "structured")
_LABEL = "ocr_text:"

_TURN = re.compile(
    r"<\|im_start\|>\s*(?P<a>\w+)[^\S\n]*\n?"
    r"|<\|start_header_id\|>\s*(?P<b>\w+)\s*<\|end_header_id\|>\s*"
    r"|<start_of_turn>\s*(?P<c>\w+)[^\S\n]*\n?"
    r"|<\|(?P<d>system|user|assistant)\|>\s*"
)
_MARKS = re.compile(
    r"<\|(?:im_end|eot_id|end|endoftext|begin_of_text|end_of_text)\|>|<end_of_turn>|<bos>|<eos>|</?s>|\[/?INST\]"
)
_SYSTEM = re.compile(r"<<SYS>>.*?<</SYS>>", re.DOTALL)
_HEADING = re.compile(
    r"^#{2,3} *(?P<name>Instructions?|Input|Response|Output|Answer):?[^\S\n]*$", re.IGNORECASE | re.MULTILINE
)
_OWN_PROMPT_END = re.compile(r"\n\n(?:(?!\n\n).)*\nFIELDS:[^\n]*\nJSON:\s*\Z", re.DOTALL)
_LABEL_LINE = re.compile(r"^[^\S\n]*OCR_TEXT:[^\S\n]*(?:\n|\Z)", re.MULTILINE)

_ORDER = (
    r"(?:please|you are|your task|task|instructions?|extract|convert|parse|read the|return|respond|answer|output|"
    r"give|given|from the|below|analy[sz]e|transform|turn|identify|do not|only|the output|write)\b"
)
_SUBJECT = (
    r"\b(?:json|structured (?:data|format|output)|ocr text|"
    r"invoice (?:data|fields|information|text)|following (?:invoice|text))"
)
# An order may take some lines until it comes to the point.
_LEADING = re.compile(rf"\A\s*{_ORDER}(?:[^\n]*\n){{0,4}}?[^\n]*{_SUBJECT}[^\n]*(?:\n|\Z)", re.IGNORECASE)
_TRAILING = re.compile(
    rf"(?:\A|\n)[^\S\n]*(?:{_ORDER}[^\n]*{_SUBJECT}[^\n]*|(?:json|output|answer)(?: output)?:)\s*\Z",
    re.IGNORECASE,
)
_TEXT_LABEL = re.compile(
    r"\A\s*(?:(?:ocr[ _]|invoice |document |receipt )?(?:text|content)|invoice|document|input):[^\S\n]*\n?",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"\A\s*(?P<mark>```|\"\"\"|'''|---)\w*\n(?P<text>.*)\n(?P=mark)\s*\Z", re.DOTALL)


def strip_instructions(text: str) -> str:
    """The document's text alone; the text itself where no instruction stands in it.

    Known are chat-template marks (the last user turn counts), Alpaca headings, FinScribe's own prompt, and
    English sentences before or after the text that order JSON or structured data.
    """
    small = text.lower()
    if _LABEL not in small[1:] and not any(mark in small for mark in _SUSPECT):
        return text
    stripped = _user_turn(text)
    stripped = _input_section(stripped)
    stripped = _OWN_PROMPT_END.sub("", stripped)
    return _without_orders(stripped)


def strip_marks(text: str) -> str:
    """Text without the marks that chat templates put around turns."""
    return _MARKS.sub("", text) if "<" in text or "[" in text else text


def _user_turn(text: str) -> str:
    turns = list(_TURN.finditer(text))
    ends = [turn.start() for turn in turns[1:]] + [len(text)]
    users = [
        text[turn.end() : end]
        for turn, end in zip(turns, ends, strict=False)
        if turn.group("a", "b", "c", "d").count("user")
    ]
    text = users[-1] if users else text
    closing = text.find("[/INST]")
    return strip_marks(_SYSTEM.sub("", text[:closing] if closing > 0 else text))


def _input_section(text: str) -> str:
    """What stands under `### Input:`, else under `### Instruction:`, up to the next heading."""
    headings = list(_HEADING.finditer(text))
    names = [heading["name"].lower().rstrip("s") for heading in headings]
    for wanted in ("input", "instruction"):
        if wanted in names:
            place = names.index(wanted)
            end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
            return text[headings[place].end() : end].strip("\n")
    return text


def _without_orders(text: str) -> str:
    label = _LABEL_LINE.search(text)
    if label and (not text[: label.start()].strip() or _is_order(text[: label.start()])):
        text = text[label.end() :]
    while order := _LEADING.match(text):
        text = _TEXT_LABEL.sub("", text[order.end() :].lstrip("\n"), count=1)
        quoted = _QUOTES.match(text)
        text = quoted["text"] if quoted else text
    while order := _TRAILING.search(text):
        text = text[: order.start()]
    return text


def _is_order(text: str) -> bool:
    return bool(re.search(_SUBJECT, text, re.IGNORECASE) and re.match(rf"\s*{_ORDER}", text, re.IGNORECASE))
