"""What fine-tuning brings, as `make learn` measures it."""

from pathlib import Path

import pytest

from benchmarks.learn import recipe_of
from finscribe import starter


@pytest.mark.parametrize("name", ["full-starter", "starter-cpu"])
def test_a_recipe_for_the_starter_begins_with_the_bundled_one(name: str) -> None:
    assert recipe_of(Path("configs") / f"{name}.yaml").model_name == str(starter.path())
