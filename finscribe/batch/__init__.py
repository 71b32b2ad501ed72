"""Many documents: the same extraction, on several processors or machines, and nothing lost on the way.

run.py        THE MAIN PATH: parts of the documents to whoever works, their rows to the ledger
sources.py    arguments -> places of documents
contents.py   places -> contents and their hashes
reading.py    sources -> outcomes: read, extracted, or failed (`finscribe extract` reads with it, too)
worker.py     what one process does with a part
rows.py       outcomes -> rows, found again by their key
ledger.py     the rows on disk, and what they say is done
table.py      the rows as Parquet
on_ray.py     workers as actors of Ray Data; the one place that imports ray
"""
