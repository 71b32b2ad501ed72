"""The queue of corrections: every correction once, on disk before it is acknowledged.

training_queue.py  THE MAIN PATH: append, retract, purge, read
record.py          one correction, and how it is written
raw_input.py       the OCR output as it was given
known.py           what is known of an invoice
confirmed.py       what of it somebody confirmed or changed
json_lines.py      lines of JSON that keep every digit
journal.py         files of such lines that lose nothing
group_commit.py    one sync for all writers that wait
stored.py          the general queue as it is read: what is live, superseded, taken back
index.py           which corrections there are, without reading the files
erasure.py         files without what is to be erased
stats.py           counts
"""
