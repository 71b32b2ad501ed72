"""What the application remembers: documents, what was read of them, and what people made of it.

tables.py      the tables
columns.py     how values are kept in them: exact JSON, times in UTC
database.py    opening a database, and bringing it up to date
migrations/    how a database of an earlier version becomes one of today
files.py       the bytes of documents and the pictures of their pages: what a place for them can do
folder.py      such a place: a folder
objects.py     such a place: an object store
pages.py       a read document as rows, and back
approved.py    what people approved, to be exported
inbox.py       documents coming in, found and listed
progress.py    what the background work writes: read, extracted, failed
figures.py     what the dashboard shows
runs.py        datasets, training runs and evaluations
reviews.py     what people decide, each decision with what follows from it in one transaction
"""
