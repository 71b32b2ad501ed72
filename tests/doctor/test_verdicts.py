"""What is said of facts, and what to do about them."""

from pathlib import Path

import pytest

from finscribe.doctor.facts import Driver, Gpu, Hub, Memory, Place, Torch, Unsloth
from finscribe.doctor.models import Model
from finscribe.doctor.verdicts import (
    check_cache,
    check_cuda,
    check_gpu_memory,
    check_hub,
    check_memory,
    check_model,
    check_ocr,
    check_place,
    check_python,
    check_serving,
    check_torch,
    check_training,
    check_unsloth,
)
from finscribe.errors import MissingDependency, ModelBroken, ModelNotFound

CPU = Torch("2.13.0+cpu")
CUDA_13 = Torch("2.13.0", "13.0")
WORKING = Torch("2.13.0", "13.0", sees_gpu=True)
GPU = Gpu("NVIDIA L4", 22.5, 22.0)
NEW, MIDDLE, OLD = (Driver(version, (GPU,)) for version in ("580.65.06", "550.54.15", "470.82.01"))


@pytest.mark.parametrize(
    ("found", "state"), [((3, 10), "failed"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "failed")]
)
def test_python_is_between_the_oldest_and_the_newest_that_are_tested(found, state):
    assert check_python(found, "it")[0] == state


def test_without_pytorch_the_remedy_installs_it():
    state, said, remedy = check_torch(None)
    assert (state, remedy) == ("warning", "pip install 'finscribe[train]'")
    assert "the starter is read without it" in said


def test_a_pytorch_that_does_not_import_says_why():
    state, said, _ = check_torch(Torch("2.13.0", problem="OSError: libcudart.so.13 not found"))
    assert (state, said) == ("failed", "2.13.0 does not import: OSError: libcudart.so.13 not found")


def test_pytorch_tells_its_build():
    assert "without CUDA" in check_torch(CPU)[1]
    assert "built for CUDA 13.0" in check_torch(CUDA_13)[1]


@pytest.mark.parametrize("driver", [None, Driver("580.65.06")])
def test_a_machine_without_a_gpu_is_well(driver):
    assert check_cuda(CUDA_13, driver)[0] == "ok"


@pytest.mark.parametrize("driver", [None, NEW])
def test_a_gpu_that_pytorch_sees_is_well(driver):
    assert check_cuda(WORKING, driver)[0] == "ok"


@pytest.mark.parametrize(("driver", "index"), [(NEW, "cu130"), (MIDDLE, "cu126")])
def test_a_cpu_build_beside_a_gpu_gets_the_install_line_of_its_driver(driver, index):
    state, said, remedy = check_cuda(CPU, driver)
    assert state == "warning"
    assert "the build for processors" in said
    assert f"pip install torch torchvision --index-url https://download.pytorch.org/whl/{index}" in remedy


def test_a_driver_older_than_pytorchs_cuda_gets_a_build_that_it_runs_or_an_update():
    state, said, remedy = check_cuda(CUDA_13, MIDDLE)
    assert state == "warning"
    assert "driver 550.54.15, too old for the CUDA 13.0" in said
    assert "whl/cu126" in remedy
    assert "update the driver to 580 or newer" in remedy


def test_a_driver_too_old_for_any_build_has_to_be_updated():
    assert check_cuda(CUDA_13, OLD)[2] == "First update the driver to 580 or newer."


def test_a_gpu_hidden_from_a_pytorch_that_fits_is_not_a_version_problem():
    state, said, remedy = check_cuda(CUDA_13, NEW)
    assert (state, "goes with" in said, "CUDA_VISIBLE_DEVICES" in remedy) == ("warning", True, True)


def test_a_driver_that_does_not_answer_is_told():
    state, said, _ = check_cuda(CUDA_13, Driver(problem="couldn't communicate with the NVIDIA driver"))
    assert (state, said) == ("warning", "nvidia-smi fails: couldn't communicate with the NVIDIA driver")


@pytest.mark.parametrize(
    ("free", "four_bits", "sixteen_bits"),
    [
        (7.9, "does not fit", "does not fit"),
        (8.0, "is tight", "does not fit"),
        (10.0, "fits", "does not fit"),
        (18.0, "fits", "is tight"),
        (22.0, "fits", "fits"),
    ],
)
def test_what_fits_follows_the_free_memory_and_is_called_a_rule_of_thumb(free, four_bits, sixteen_bits):
    state, said, _ = check_gpu_memory(Driver("580", (Gpu("A GPU", 24.0, free),)))
    assert "rule of thumb" in said
    assert f"in 4 bits (QLoRA, batch 1) {four_bits}" in said
    assert f"in 16 bits (LoRA, batch 1) {sixteen_bits}" in said
    assert state == ("ok" if free >= 8 else "warning")


def test_a_gpu_that_others_fill_differs_from_one_that_is_small():
    assert "nvidia-smi" in check_gpu_memory(Driver("580", (Gpu("A GPU", 24.0, 1.0),)))[2]
    assert "--batch_size 1" in check_gpu_memory(Driver("580", (Gpu("A GPU", 6.0, 6.0),)))[2]


def test_of_several_gpus_the_one_with_the_most_free_memory_counts():
    gpus = Gpu("full", 80.0, 2.0), Gpu("free", 24.0, 23.0), Gpu("unknown", None, None)
    assert check_gpu_memory(Driver("580", gpus))[1].startswith("free: 23.0 of 24.0 GB free")


def test_little_main_memory_is_a_warning():
    assert check_memory(Memory(16.0, 1.5))[0] == "warning"
    assert check_memory(Memory(16.0, 2.0))[0] == "ok"
    assert check_memory(Memory(16.0, None)) == ("ok", "16.0 GB", "")


def test_unsloth_is_missed_only_beside_a_gpu():
    assert check_unsloth(None, CPU, None) == ("ok", "not installed", "")
    assert check_unsloth(None, WORKING, None) == (
        "warning",
        "not installed",
        "pip install 'finscribe[unsloth]'",
    )


def test_torchvision_beside_a_cpu_build_stops_unsloth():
    state, said, remedy = check_unsloth(Unsloth("2026.10.9"), CPU, "0.28.0")
    assert (state, remedy) == ("warning", "pip uninstall torchvision")
    assert "torchvision 0.28.0" in said
    assert check_unsloth(Unsloth("2026.10.9"), WORKING, "0.28.0")[0] == "ok"


def test_an_import_that_was_tried_outweighs_what_was_feared():
    assert check_unsloth(Unsloth("2026.10.9", tried=True), CPU, "0.28.0")[0] == "ok"
    broken = Unsloth("2026.10.9", tried=True, problem="ImportError: no triton")
    state, said, remedy = check_unsloth(broken, CPU, None)
    assert (state, said) == ("failed", "2026.10.9 does not import: ImportError: no triton")
    assert "unsloth==2026.10.9" in remedy
    assert check_unsloth(broken, CPU, "0.28.0")[2] == "pip uninstall torchvision"
    assert "finscribe[unsloth]" in check_unsloth(broken, WORKING, None)[2]


def test_training_tells_its_library_and_what_it_lacks():
    assert check_training("unsloth", Unsloth("1"), ())[:2] == ("ok", "models are fine-tuned with unsloth")
    assert check_training("transformers", None, ("peft", "trl")) == (
        "warning",
        "fine-tuning lacks peft, trl",
        "pip install peft trl",
    )
    broken = Unsloth("1", tried=True, problem="no")
    assert "--engine transformers" in check_training("unsloth", broken, ())[2]
    assert check_training("transformers", broken, ())[0] == "ok"


def test_serving_with_an_unsloth_that_is_not_there_fails():
    assert check_serving("transformers", None) == ("ok", "models run with transformers", "")
    assert check_serving("unsloth", Unsloth("1"))[0] == "ok"
    assert check_serving("unsloth", None)[0] == "failed"
    assert check_serving("unsloth", Unsloth("1", tried=True, problem="no"))[0] == "failed"


def test_a_default_that_is_not_there_is_no_matter_but_a_broken_one_is():
    absent = ("the default", ModelNotFound("m does not exist"))
    broken = ("the default", ModelBroken("m has no tokenizer", hint="Save the tokenizer."))
    assert check_model(Model("the bundled starter", "s", passed_over=(absent,)))[0] == "ok"
    assert check_model(Model("the bundled starter", "s", passed_over=(broken,))) == (
        "warning",
        "the bundled starter, s; passed over the default: m has no tokenizer",
        "Save the tokenizer.",
    )


def test_a_model_that_is_not_here_yet_comes_with_the_line_that_fetches_it():
    state, said, remedy = check_model(Model("UNSLOTH_MODEL_NAME", "owner/name", on_disk=False))
    assert (state, remedy) == ("warning", "hf download owner/name")
    assert "downloaded on first use" in said


def test_only_the_ocr_engine_that_is_used_has_to_work():
    problems = {"rapidocr": None, "tesseract": MissingDependency("not installed", hint="Install it.")}
    assert check_ocr("rapidocr", problems) == (
        "ok",
        "rapidocr (used): installed; tesseract: not installed",
        "",
    )
    state, said, remedy = check_ocr("tesseract", problems)
    assert (state, remedy, "scans cannot be read" in said) == ("failed", "Install it.", True)


def test_a_folder_needs_room_and_leave_to_write():
    folder = Path("data")
    assert check_place(Place(folder, 10**12, True)) == ("ok", "data: 1000.0 GB free", "")
    assert check_place(Place(folder, 10**6, True))[0] == "warning"
    assert check_place(Place(folder, 10**12, False))[0] == "failed"
    assert "rule of thumb" in check_cache(Place(folder, 10**12, True))[1]


def test_of_the_token_only_its_presence_is_told():
    assert check_hub(Hub(True, True, Path())) == ("ok", "offline by HF_HUB_OFFLINE; a token is set", "")
    assert (
        check_hub(Hub(False, False, Path()))[1] == "models may be downloaded; no token, so no private models"
    )
