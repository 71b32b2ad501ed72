"""Fine-tunes a model on prepared records: python unsloth/train_unsloth_fast.py --help"""

import sys
from pathlib import Path

# A script's own folder comes first on the path; here it is the repository that must be found.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from finscribe.cli import main  # noqa: E402

if __name__ == "__main__":
    main(["train", *sys.argv[1:]])
