"""The queue of corrections: every correction once, on disk before it is acknowledged.

training_queue.py  THE MAIN PATH: append, retract, purge, read
three_files.py     where the files are, and what they look like
record.py          one correction, and how it is written
raw_input.py       the OCR output as it was given
known.py           what is known of an invoice
confirmed.py       what of it somebody confirmed or changed
group_commit.py    one sync for all writers that wait
stored.py          the general queue as it is read: what is live, superseded, taken back
index.py           which corrections there are, without reading the files
mending.py         files whole, in step, and known to the index, whatever was left behind
erasure.py         files without what is to be erased
stats.py           counts
disk.py            what the disk refuses, said with a remedy
"""
