"""The page Learn: what was corrected, and the models that come of it.

page.py          its tabs, and when they look for what is new
queue.py         what was corrected, by field and vendor
runs.py          what datasets, training runs and evaluations look like in a list
datasets.py      datasets
training.py      training runs, with a live curve
evaluations.py   evaluations
models.py        versions, the gate, promotion and rollback
names.py         how models and datasets are called
"""
