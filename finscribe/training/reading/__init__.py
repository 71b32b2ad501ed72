"""Everything that users have on disk, read as records: each raw record becomes one `Record` or one `Reject`.

sources.py      THE MAIN PATH: inputs -> sources -> records
lines.py        files of lines or entries, in bounded memory
strict_json.py  JSON without duplicate keys, NaN and endless nesting
shapes/         raw record -> record, one small reader for each shape
retractions.py  examples that were taken back
counted.py      the same, counted for the dataset's card
"""
