"""Whether there is a GPU, asked without PyTorch where there can be none."""

import sys
from pathlib import Path

import pytest

from finscribe.decoding import devices, loading
from finscribe.settings import Settings


class Torch:
    """PyTorch that sees a GPU, or none."""

    def __init__(self, sees: bool) -> None:
        self.cuda = self
        self.is_available = lambda: sees


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine with PyTorch, not imported, and without any driver."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(devices, "find_spec", lambda name: object())
    monkeypatch.setattr(devices, "AMD_DEVICE", tmp_path / "kfd")
    monkeypatch.setattr(devices, "DRIVERS", ("no-such-library.so.1",))
    return monkeypatch


def with_torch(patch: pytest.MonkeyPatch, *, sees: bool) -> None:
    patch.setitem(sys.modules, "torch", Torch(sees))


def test_without_a_driver_pytorch_is_not_imported(bare: pytest.MonkeyPatch) -> None:
    assert not devices.gpu_present()
    assert "torch" not in sys.modules


def test_without_pytorch_there_is_none_to_use(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kfd").touch()
    bare.setattr(devices, "find_spec", lambda name: None)
    assert not devices.gpu_present()


@pytest.mark.parametrize("sees", [True, False])
def test_where_one_may_be_pytorch_decides(bare: pytest.MonkeyPatch, sees: bool) -> None:
    with_torch(bare, sees=sees)
    assert devices.gpu_present() is sees


@pytest.mark.parametrize(("installed", "backend"), [(True, "unsloth"), (False, "transformers")])
def test_on_a_gpu_models_run_with_unsloth_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, installed: bool, backend: str
) -> None:
    monkeypatch.setattr(loading, "gpu_present", lambda: True)
    monkeypatch.setattr(loading, "unsloth_is_installed", lambda: installed)
    assert loading.choose_backend(Settings()) == backend


def test_on_a_processor_the_starter_runs_on_onnx_runtime_and_a_name_of_the_hub_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from finscribe import starter

    monkeypatch.setattr(loading, "gpu_present", lambda: False)
    assert loading.choose_backend(Settings()) == "onnx"
    assert loading.choose_backend(Settings(), str(starter.path())) == "onnx"
    assert loading.choose_backend(Settings(), "someone/model") == "transformers"


def test_a_name_of_the_hub_takes_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    from finscribe.errors import MissingDependency

    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    with pytest.raises(MissingDependency, match="torch") as caught:
        loading.check_loadable("someone/model")
    assert "finscribe[train]" in caught.value.hint
