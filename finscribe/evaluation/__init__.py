"""Evaluation: models and documents in, figures that can be believed out.

run.py            THE MAIN PATH
plan.py           what is compared on what, and how
cases.py          test file -> documents with what is known of them
runs.py           how a model was made, and those that it was trained from
origins.py        what a fine-tuned folder was made of; test documents that were trained on
systems.py        names -> systems: models, few-shot prompts, rules
readers.py        whatever reads documents, behind one method
few_shot.py       a model that is shown training records
majority.py       the baseline that says what is most frequent
rules.py          the baseline of labels and regular expressions
preparing.py      plan -> documents, systems and notes, before any time is spent
reading.py        every document read by every system
asking.py         systems asked about a batch, in processes of their own where they must be
predictions.py    answers in memory and on disk
mistakes.py       what went wrong with a value
judging.py        answers against truths, as counts: columns.py, given.py, quality.py, public_scores.py
figures.py        counts -> figures with intervals
comparing.py      two systems on the same documents
results.py        the evaluation as a value and as JSON
notes.py          what has to be known to believe it
page.py           the page: sections.py and confidence_sections.py its charts, documents.py its documents
"""
