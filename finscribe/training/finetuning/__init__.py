"""Fine-tuning: prepared records and a base model in, a model folder that reproduces what was trained out.

recipe.py      what a run is asked to do: defaults, YAML, flags
examples.py    prepared records -> token ids, exactly as served
base.py        the model that a run starts from, with its adapter
trainer.py     the recipe as TRL's supervised fine-tuning
validation.py  field F1 by grounded decoding
progress.py    where a run is
watching.py    figures while it trains, interruptions
saving.py      written aside, loaded afresh, compared, published
provenance.py  `run.json`
report.py      `training.html`
run.py         THE MAIN PATH
"""
