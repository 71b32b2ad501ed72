import pytest

from finscribe.evaluation.reading import next_size
from finscribe.evaluation.run import evaluate
from tests.evaluation.fakes import ByHeart


@pytest.mark.parametrize(
    ("size", "batch_size", "seconds", "expected"),
    [
        (8, 8, 1.0, 16),
        (64, 8, 1.0, 64),
        (32, 8, 30.0, 32),
        (32, 8, 90.0, 16),
        (8, 8, 90.0, 8),
        (1, 1, 0.1, 1),
    ],
)
def test_more_is_read_at_once_where_it_goes_fast_and_less_where_much_could_be_lost(
    size, batch_size, seconds, expected
):
    assert next_size(size, batch_size, seconds) == expected


def test_the_longest_documents_come_first_and_progress_is_told(lineup, tmp_path):
    from tests.evaluation.fakes import record, write_records

    records = [record(f"{'Very ' * n}Long Ltd", 100 + n) for n in range(6)]
    reader, told = ByHeart(), []
    plan = lineup({"model": reader}, test_data=write_records(tmp_path / "t.jsonl", records))
    evaluate(plan, lambda *moment: told.append(moment))
    lengths = [len(text) for text in reader.texts]
    assert lengths == sorted(lengths, reverse=True)
    name = plan.models[0]
    assert told[0] == (name, 0, 6)
    assert (name, 6, 6) in told
    assert told[-1] == (f"judging {name}", 6, 6)
