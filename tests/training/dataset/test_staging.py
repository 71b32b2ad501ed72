from finscribe.training.dataset.staging import Staging


def test_files_appear_only_when_they_are_published(tmp_path):
    with Staging() as staging:
        staging.open(tmp_path / "deep" / "a.txt").write("new")
        assert not (tmp_path / "deep" / "a.txt").exists()
        staging.publish()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.txt"]
    assert (tmp_path / "deep" / "a.txt").read_text() == "new"


def test_what_is_never_published_leaves_the_old_files_and_nothing_else(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with Staging() as staging:
        staging.open(tmp_path / "a.txt").write("new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_file_taken_back_is_gone_when_the_others_are_published(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with Staging() as staging:
        staging.open(tmp_path / "a.txt").write("new")
        staging.open(tmp_path / "b.txt").write("new")
        staging.remove(tmp_path / "a.txt")
        assert (tmp_path / "a.txt").read_text() == "old"
        staging.publish()
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]
