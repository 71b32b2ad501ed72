"""From corrections and old files to prepared data, and from prepared data to a better model.

records.py    what training knows of one document, whatever shape it came in
names.py      which invoice a record is about
times.py      when a record was made
queue/        corrections, kept so that nothing is lost or doubled
reading/      files, folders, globs, standard input -> records of any shape
dataset/      records -> train, val, gate, duplicates, rejects: prepare.py is its main path
finetuning/   prepared data and a base model -> a better model: run.py is its main path
"""
