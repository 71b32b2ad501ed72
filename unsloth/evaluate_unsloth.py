"""Compares a fine-tuned model with its baseline on test records: python unsloth/evaluate_unsloth.py --help"""

import sys
from pathlib import Path

# A script's own folder comes first on the path; here it is the repository that must be found.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from finscribe.cli import main  # noqa: E402

if __name__ == "__main__":
    main(["evaluate", *sys.argv[1:]])
