"""From corrections and old files to prepared data, and from prepared data to a better model.

records.py     what training knows of one document, whatever shape it came in
sources.py     files, folders, globs, standard input -> raw records
shapes/        raw record -> Record, one small reader for each shape
queue.py       the queue of corrections, which loses nothing
duplicates.py  exact and near duplicates, on disk
families.py    vendor families and near-duplicate groups
ledger.py      which record went to train, val or gate, for good
lint.py        what a reviewer would object to
prepare.py     THE MAIN PATH: sources -> records -> train, val, duplicates, rejects
dataset.py     the dataset's card, `dataset.json`
report.py      the dataset's page, `dataset.html`
"""
