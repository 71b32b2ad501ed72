"""Everything that users have on disk, read as records: each raw record becomes one `Record` or one `Reject`.

counted.py      THE MAIN PATH: all raw records of the sources, counted, and what was taken back
sources.py      inputs -> sources -> raw records; raw record -> record or reject
lines.py        files of lines or entries, in bounded memory
strict_json.py  JSON without duplicate keys, NaN and endless nesting
shapes/         raw record -> record, one small reader for each shape
retractions.py  examples that were taken back
"""
