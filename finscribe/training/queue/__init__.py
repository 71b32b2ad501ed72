"""The queue of training examples: every correction once, on disk before it is acknowledged.

training_queue.py  THE MAIN PATH: append, retract, purge, read
examples.py        one correction, and how it is written
journal.py         files of JSON Lines that lose nothing
group_commit.py    one sync for all writers that wait
stored.py          the general queue as it is read: what is live, superseded, taken back
index.py           which examples there are, without reading the files
erasure.py         files without what is to be erased
stats.py           counts
"""
