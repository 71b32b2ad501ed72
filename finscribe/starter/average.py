"""The mean of several models' weights: python -m finscribe.starter.average MODEL MODEL... --out FOLDER

Runs that went on from the same weights often lie in one basin, where their mean reads better than each of them
(Wortsman et al. 2022, *Model soups*). The result is calibrated as a build is.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from finscribe.calibration import FILE
from finscribe.decoding.loading import check_folder
from finscribe.errors import ModelBroken
from finscribe.starter.build import add_calibrate_on, calibration_documents
from finscribe.training.finetuning.calibrating import calibrate_folder

WEIGHTS = "model.safetensors"


def average(folders: Sequence[Path], out: Path) -> Path:
    """Writes a model with the mean of the weights, all else being that of the first; raises ModelError.

    The models must have the same shapes.
    """
    import torch
    from safetensors.torch import load_file, save_file

    for folder in folders:
        check_folder(folder)
    weights = [load_file(folder / WEIGHTS) for folder in folders]
    shapes = [{name: tensor.shape for name, tensor in each.items()} for each in weights]
    if any(shape != shapes[0] for shape in shapes):
        raise ModelBroken(
            f"{', '.join(map(str, folders))} are not of one shape",
            hint="Average models that went on from the same one.",
        )
    shutil.copytree(folders[0], out, ignore=shutil.ignore_patterns(FILE, WEIGHTS))
    means = {
        name: torch.stack([each[name].float() for each in weights]).mean(dim=0).to(tensor.dtype)
        for name, tensor in weights[0].items()
    }
    save_file(means, out / WEIGHTS, metadata={"format": "pt"})
    shutil.copymode(folders[0] / "config.json", out / WEIGHTS)
    return out


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", type=Path, nargs="+", help="folders of models of one shape")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--calibration_documents", type=int, default=400)
    add_calibrate_on(parser)
    args = parser.parse_args()
    known = calibration_documents(args.calibration_documents, args.calibrate_on)  # a bad file fails here
    calibrate_folder(average(args.models, args.out), known)
    print(args.out)


if __name__ == "__main__":
    main()
