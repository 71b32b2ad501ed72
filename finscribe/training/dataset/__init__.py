"""From records to prepared files: every record ends in exactly one place, and the counts say so.

prepare.py     THE MAIN PATH
options.py     what is asked for
study.py       one record by itself: aligned, checked, its keys
parallel.py    chunks side by side, results in order
lint.py        what a reviewer would object to
tokens.py      how long examples are
shelf.py       what must be remembered across records, on disk
duplicates.py  exact and near duplicates, and what is alike
families.py    vendor families
ledger.py      which record went to train, val or gate, for good
splitting.py   where the others go, in whole groups
outputs.py     where records end
staging.py     files that are replaced whole
card.py        `dataset.json`
report.py      `dataset.html`
"""
