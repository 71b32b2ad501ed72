"""Fine-tuning: prepared records and a base model in, a model folder that reproduces what was trained out.

run.py         THE MAIN PATH
recipe.py      what a run is asked to do: defaults, YAML, flags
memory.py      memory that does not last, and what to do about it
stages.py      what the stages below hand to one another
work_folder.py where a run leaves its checkpoints
preparing.py   data read, base loaded, examples encoded, the run planned
examples.py    prepared records -> token ids, exactly as served
base.py        the model that a run starts from, with its adapter
origin.py      where that is, on this disk and on a hub
fitting.py     training to the end, in smaller batches where memory does not last
cpu.py         what makes a CPU train faster
processes.py   several processes that train one model
trainer.py     the recipe as TRL's supervised fine-tuning
validation.py  field F1 by grounded decoding
baseline.py    the same before anything was learned, kept for runs that go on
progress.py    where a run is
watching.py    figures while it trains, interruptions
saving.py      written aside, loaded afresh, compared, published
gguf.py        the saved model for llama.cpp
provenance.py  `run.json`
card.py        `README.md`
report.py      `training.html`
"""
