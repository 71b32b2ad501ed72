import pytest

from finscribe.errors import PromptTooLong
from tests.cli.fakes import TEXT, Model, Served, extraction_of


@pytest.fixture(autouse=True)
def asked(monkeypatch, tmp_path):
    """A model that knows TEXT by heart; what it was asked is recorded. Tables are as wide as in a file."""
    calls = []

    def extract_many(documents, model, **options):
        calls.append({"names": [document.source for document in documents], "model": model.name, **options})
        if any("too long" in document.text for document in documents):
            raise PromptTooLong("does not fit", hint="Split it.")
        return [extraction_of(document, options["grounding"]) for document in documents]

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many)
    monkeypatch.setattr("finscribe.serving.load_served_model", lambda settings: Served(Model()))
    monkeypatch.setattr("finscribe.decoding.load_model", lambda name, *, settings=None: Model(name))
    monkeypatch.setattr("finscribe.starter.path", lambda: tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    return calls


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path
