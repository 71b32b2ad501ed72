"""The background work: documents are read and their invoices extracted, each exactly once, whatever is killed.

reading.py    what a worker process does with one file
workers.py    the worker processes, with limits of time and memory
steps.py      reading and extracting one document, as transactions on the store
errands.py    what is owed to the training queue, carried out
workflows.py  the same steps as durable workflows, and the loop that looks after what was left lying
"""
