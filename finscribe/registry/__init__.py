"""Versions of models: which one is served, what has to be true before another one is, and the way back.

promotion.py    THE MAIN PATH: a candidate through the gate, and a rollback
store.py        the registry on disk
version.py      what is known of one version, as a value and as JSON
adoption.py     from a model folder to a version
pointer.py      the link to what is served
history.py      what was served when, and why
gate.py         the conditions, as pure functions
trial.py        what the gate needs to know of an evaluation
lineage.py      which vendors a model has seen
automation.py   which values may be approved without a look
evaluations.py  the JSON of an evaluation -> trial, and observations for automation
card.py         the card of a version
pruning.py      which versions can go
differences.py  what tells two versions apart
"""
