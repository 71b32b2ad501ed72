from pathlib import Path

from app.learning.models import Models
from app.learning.places import Places
from app.store.tables import RunKind, StoredRun
from app.web.learn.models import evaluations_of
from finscribe.settings import Settings

TRAINED = "a" * 32


def test_evaluations_are_those_of_the_model_that_was_chosen_and_none_of_one_that_is_gone(
    data_dir: Path,
) -> None:
    places = Places(data_dir)
    models = Models(Settings(data_dir=data_dir, model_dir=data_dir / "served"), places)
    places.model(TRAINED).mkdir(parents=True)
    mine, other = (
        StoredRun(id=name, kind=RunKind.EVALUATION, options={"fine_tuned_model": str(folder)})
        for name, folder in (("1", places.model(TRAINED)), ("2", data_dir))
    )
    assert evaluations_of(TRAINED, models, [mine, other]) == [mine]
    assert evaluations_of("removed", models, [mine, other]) == []
