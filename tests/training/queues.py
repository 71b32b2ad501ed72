"""A queue and corrections to put into it."""

import json

from finscribe.training.queue.record import make_correction


def correction(invoice_id="inv-1", name="Acme", text="Acme\nTotal 5.00", **options):
    return make_correction(text, {"vendor": {"name": name}, "total": 5}, invoice_id, **options)


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def contents(queue):
    return {path.name: path.read_bytes() for path in (queue.general, queue.unsloth, queue.reviews)}


def names(queue):
    """The vendors in the general queue (live), in the projection and in the log."""
    return (
        [each.truth.values["vendor.name"] for each in queue.corrections()],
        [json.loads(each["output"])["vendor"]["name"] for each in records(queue.unsloth)],
        [each["correction"]["vendor"]["name"] for each in records(queue.reviews) if "correction" in each],
    )


def tear(path, piece):
    with path.open("ab") as file:
        file.write(piece)
