"""What names of models mean."""

import os

import pytest

from app.learning.learning import Learning
from app.learning.models import NoSuchVersion
from finscribe import starter
from finscribe.registry.promotion import Candidacy, promote
from finscribe.settings import Settings
from tests.registry.folders import model_folder

RUN = "0123456789abcdef0123456789abcdef"


def test_before_anything_was_trained_the_starter_is_served(learning: Learning) -> None:
    assert learning.models.served() == str(starter.path())
    assert learning.models.locate("starter") == learning.models.locate("served") == str(starter.path())


def test_a_training_run_is_named_by_its_id_once_it_has_made_a_model(learning: Learning) -> None:
    assert learning.models.locate(RUN) == RUN
    folder = model_folder(learning.places.model(RUN))
    assert learning.models.locate(RUN) == str(folder)
    assert learning.models.folder(RUN) == folder


def test_a_version_is_named_as_on_the_command_line(learning: Learning, settings: Settings) -> None:
    folder = model_folder(learning.places.model(RUN))
    candidacy = Candidacy(folder=folder, otherwise="starter", force="a test")
    version = promote(learning.models.registry, candidacy, lambda _: None, lambda _: None).version
    expected = settings.model_dir.parent / "registry" / version.id
    for name in (version.id, "v1", version.sha256[:8], "served"):
        assert os.path.samefile(learning.models.locate(name), expected)
    assert learning.models.version("v1") == version


def test_anything_else_is_a_folder_or_a_name_on_the_hub(learning: Learning) -> None:
    assert learning.models.locate("Qwen/Qwen3-0.6B") == "Qwen/Qwen3-0.6B"
    with pytest.raises(NoSuchVersion, match="v9"):
        learning.models.folder("v9")
