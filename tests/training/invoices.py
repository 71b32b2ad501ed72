"""Small records for tests of the preparation: each month's invoice of a vendor, as lines of a file."""

import json
import random

WORDS = (
    "steel bolts paper ink chairs lamps cable tape boxes glue coffee milk bread service hours travel".split()
)


def invoice(vendor, number, total="20.00", *, words=30):
    """Text and truth of one invoice; texts of different vendors are not alike."""
    rng = random.Random(vendor)
    items = "\n".join(
        f"{rng.choice(WORDS)}{rng.choice('abcdefghijklmnop')} {rng.choice(WORDS)}" for _ in range(words)
    )
    text = f"{vendor}\nInvoice {number}\nDate 2024-03-05\n{items}\nTotal {total}\nThank you {vendor}"
    truth = {
        "vendor": {"name": vendor},
        "invoice_number": str(number),
        "invoice_date": "2024-03-05",
        "financial_summary": {"grand_total": float(total)},
    }
    return text, truth


def line(vendor, number, total="20.00", **about):
    """One record as it lies on disk."""
    text, truth = invoice(vendor, number, total)
    return {"input": "OCR_TEXT:\n" + text, "output": json.dumps(truth), **about}


def write(path, records):
    """A file of JSON Lines; its name as a string."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return str(path)


def read(path):
    """The records of a file of JSON Lines."""
    return [json.loads(row) for row in path.read_text("utf-8").splitlines()]
