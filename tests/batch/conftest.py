import pytest

from tests.cli.fakes import Model, Served, extraction_of


@pytest.fixture
def asked(monkeypatch):
    """A model that finds the same in every document; the names of the documents of each call are recorded."""
    calls = []

    def extract_many(documents, model, **options):
        calls.append([document.source for document in documents])
        if any("a bug" in document.text for document in documents):
            raise ZeroDivisionError("by zero")
        return [extraction_of(document) for document in documents]

    monkeypatch.setattr("finscribe.extract.extract_many", extract_many)
    monkeypatch.setattr("finscribe.serving.load_served_model", lambda settings: Served(Model()))
    monkeypatch.setattr("finscribe.decoding.load_model", lambda name, *, settings=None: Model(name))
    return calls
