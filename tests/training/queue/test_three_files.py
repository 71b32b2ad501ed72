from finscribe.training.queue.three_files import ThreeFiles


def test_what_is_not_there_has_no_size_and_no_signature(tmp_path):
    files = ThreeFiles(tmp_path)
    files.unsloth.write_bytes(b"12345")
    assert files.sizes() == (0, 5, 0)
    assert {name: known.size for name, known in files.signatures().items()} == {files.unsloth.name: 5}


def test_what_was_set_aside_is_beside_the_files(tmp_path):
    files = ThreeFiles(tmp_path)
    assert [path.name for path in files] == [
        "training_queue.jsonl",
        "unsloth_training_queue.jsonl",
        "active_learning.jsonl",
    ]
    assert [path.name for path in files.torn] == [f"{path.name}.torn" for path in files]
    assert files.orphaned == tmp_path / "unsloth_training_queue.jsonl.orphaned"
