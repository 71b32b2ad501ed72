"""Names of parties are read in full, and two of them for two parties, where the model nearly wrote them so."""

import math
from decimal import Decimal
from typing import Any

import pytest

from finscribe.documents import Document
from finscribe.extract import Extraction, extract, extract_many
from finscribe.invoice import ALL_FIELDS, PARTIES, write_json
from finscribe.settings import Settings
from tests.decoding.torn import Torn

TEXT = (
    "Nordwind GmbH\nHafenweg 3, 20457 Hamburg\n\nAn: Tea & Sons, Inc.\n1 High Street, Leeds\n\nTotal  50.40"
)


def answer(vendor: str | None, client: str | None, **more: str) -> str:
    """The JSON of an answer with these names."""
    values = dict(zip(PARTIES, (vendor, client), strict=True)) | more
    return write_json(values, [], ALL_FIELDS)[0]


def read(model: Torn, text: str = TEXT, **options: Any) -> Extraction:
    return extract(Document.from_text(text), model, **options)


def names(found: Extraction) -> tuple[str | None, str | None]:
    return found.invoice.vendor.name, found.invoice.client.name


ONE = answer("Nordwind GmbH", "Nordwind GmbH")
TWO = ("Nordwind GmbH", "Tea & Sons, Inc.")


@pytest.mark.parametrize(
    ("nearly", "read_as"),
    [
        (TWO, TWO),
        (("Tea & Sons, Inc.", "Nordwind GmbH"), ("Tea & Sons, Inc.", "Nordwind GmbH")),
    ],
)
def test_of_two_parties_with_one_name_one_gets_the_name_that_was_nearly_written(
    nearly: tuple[str | None, str | None], read_as: tuple[str | None, str | None]
) -> None:
    found = read(Torn(ONE, answer(*nearly)))
    assert (names(found), found.reread) == (read_as, ("same-party",))
    assert "same-party" not in [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    "nearly",
    [
        pytest.param(("Nordwind GmbH", None), id="no client"),
        pytest.param((None, "Nordwind GmbH"), id="no vendor"),
        pytest.param(("Nordwind GmbH", "Nordwind"), id="the beginning of the name"),
        pytest.param(("Nordwind GmbH", "GmbH"), id="the end of the name"),
        pytest.param(("Nordwind GmbH", "20457 Hamburg"), id="a part of an address"),
        pytest.param(("Tea & Sons, Inc.", None), id="another name, and none"),
        pytest.param(("Nordwind GmbH", "Hafenweg 3"), id="the beginning of an address"),
        pytest.param(("Tea & Sons, Inc.", "Tea & Sons, Inc."), id="another name, for both again"),
    ],
)
def test_what_is_not_two_names_is_not_taken_and_the_finding_stays(
    nearly: tuple[str | None, str | None],
) -> None:
    address = {"vendor.address": "Hafenweg 3, 20457 Hamburg"}
    script = answer("Nordwind GmbH", "Nordwind GmbH", **address)
    found = read(Torn(script, answer(*nearly, **address)))
    assert (names(found), found.reread) == (("Nordwind GmbH", "Nordwind GmbH"), ())
    assert "same-party" in [finding.code for finding in found.findings]


def test_names_that_only_begin_alike_are_two() -> None:
    text = TEXT.replace("Nordwind GmbH", "Otto").replace("Tea & Sons, Inc.", "Ottobock SE")
    found = read(Torn(answer("Otto", "Ottobock SE"), answer("Otto", "High Street")), text)
    assert (names(found), found.reread) == (("Otto", "Ottobock SE"), ())


def test_pieces_of_the_name_do_not_keep_another_one_from_being_tried() -> None:
    pieces = [
        answer("Nordwind GmbH", "Nordwind"),
        answer("Nordwind", "Nordwind GmbH"),
        answer("Nordwind", None),
    ]
    found = read(Torn(ONE, *pieces, answer(*TWO), doubt=2.0))
    assert names(found) == TWO


def test_the_name_taken_has_its_place_and_the_probability_that_the_model_gave_it() -> None:
    found = read(Torn(ONE, answer(*TWO), doubt=1.0))
    client = found.evidence["client.name"]
    assert TEXT[client.places[0][0].start :].startswith("Tea & Sons")
    assert client.probability == pytest.approx(math.exp(-1) / (1 + math.exp(-1)), rel=1e-3)


@pytest.mark.parametrize("doubt", [3.1, 12.0])
def test_a_name_that_the_model_finds_unlikely_is_not_taken(doubt: float) -> None:
    found = read(Torn(ONE, answer(*TWO), doubt=doubt))
    assert (names(found), found.reread) == (("Nordwind GmbH", "Nordwind GmbH"), ())
    assert "same-party" in [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hafenweg 3, 20457 Hamburg", "1 High Street, Leeds"),  # both had the vendor's
        ("20457 Hamburg", "1 High Street, Leeds"),  # a part of the vendor's
        ("Leeds", "Leeds"),
        (None, None),
    ],
)
def test_an_address_changes_with_its_party_where_it_was_the_other_one_s(
    before: str | None, after: str | None
) -> None:
    vendor = {"vendor.address": "Hafenweg 3, 20457 Hamburg"}
    script = answer(
        "Nordwind GmbH", "Nordwind GmbH", **vendor, **({"client.address": before} if before else {})
    )
    nearly = answer(*TWO, **vendor, **{"client.address": "1 High Street, Leeds"})
    found = read(Torn(script, nearly))
    assert (names(found), found.invoice.client.address) == (TWO, after)


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        (TEXT, "Tea & Sons", "Tea & Sons, Inc."),
        (TEXT.replace(", Inc.", " (Pty) Ltd"), "Tea & Sons (Pty", "Tea & Sons (Pty) Ltd"),
        (TEXT.replace(", Inc.", " GmbH & Co. KG"), "Tea & Sons", "Tea & Sons GmbH & Co. KG"),
        (TEXT.replace(", Inc.", ", S. de R.L. de C.V."), "Tea & Sons", "Tea & Sons, S. de R.L. de C.V."),
    ],
)
def test_a_name_goes_on_to_its_legal_form_where_the_model_nearly_wrote_it(
    text: str, cut: str, whole: str
) -> None:
    found = read(Torn(answer("Nordwind GmbH", cut), answer("Nordwind GmbH", whole), doubt=4.5), text)
    assert (names(found), found.reread) == (("Nordwind GmbH", whole), ())
    assert found.evidence["client.name"].probability == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize(
    ("text", "cut", "longer", "doubt"),
    [
        pytest.param(TEXT, "Tea & Sons", "Tea & Sons, Inc.", 4.7, id="the model knows better"),
        pytest.param(TEXT, "Tea", "Tea & Sons", 1.0, id="what follows is no legal form"),
        pytest.param(
            TEXT.replace(", Inc.", "\nCo. 0042"), "Tea & Sons", "Tea & Sons Co", 1.0, id="another line"
        ),
    ],
)
def test_a_name_stays_as_short_as_it_is(text: str, cut: str, longer: str, doubt: float) -> None:
    found = read(Torn(answer("Nordwind GmbH", cut), answer("Nordwind GmbH", longer), doubt=doubt), text)
    assert names(found) == ("Nordwind GmbH", cut)


def test_a_form_is_not_taken_where_the_model_weighed_something_else_behind_the_same_comma() -> None:
    text = TEXT.replace("\n\nTotal", "\nTea & Sons, Leeds\n\nTotal")
    found = read(
        Torn(answer("Nordwind GmbH", "Tea & Sons"), answer("Nordwind GmbH", "Tea & Sons, Leeds")), text
    )
    assert names(found) == ("Nordwind GmbH", "Tea & Sons")


def test_a_form_that_the_other_party_has_is_not_taken() -> None:
    text = "Tea & Sons\n" + TEXT
    found = read(Torn(answer("Tea & Sons", "Tea & Sons, Inc."), answer("Tea & Sons, Inc.", None)), text)
    assert names(found) == ("Tea & Sons", "Tea & Sons, Inc.")


@pytest.mark.parametrize(("doubt", "whole"), [(2.9, True), (3.1, False)])
def test_a_name_that_is_printed_without_its_form_too_goes_on_where_that_is_likely(
    doubt: float, whole: bool
) -> None:
    script, nearly = answer("Nordwind GmbH", "Tea & Sons"), answer("Nordwind GmbH", "Tea & Sons, Inc.")
    found = read(Torn(script, nearly, doubt=doubt), "Tea & Sons\n" + TEXT)
    assert names(found)[1] == ("Tea & Sons, Inc." if whole else "Tea & Sons")


SLOGAN = "Everything for your garden\n" + TEXT


@pytest.mark.parametrize(("doubt", "taken"), [(2.9, True), (3.1, False)])
def test_what_has_no_legal_form_gives_way_to_a_name_that_has_one(doubt: float, taken: bool) -> None:
    script = answer("Everything for your garden", "Tea & Sons, Inc.")
    found = read(Torn(script, answer(*TWO), doubt=doubt), SLOGAN)
    assert names(found)[0] == ("Nordwind GmbH" if taken else "Everything for your garden")


def test_a_name_that_took_another_one_s_place_has_its_own_place_and_probability() -> None:
    found = read(
        Torn(answer("Everything for your garden", None), answer("Nordwind GmbH", None), doubt=1.0), SLOGAN
    )
    vendor = found.evidence["vendor.name"]
    assert SLOGAN[vendor.places[0][0].start :].startswith("Nordwind GmbH")
    assert vendor.probability == pytest.approx(math.exp(-1) / (1 + math.exp(-1)), rel=1e-2)


@pytest.mark.parametrize(
    ("text", "written", "nearly"),
    [
        pytest.param(SLOGAN, "Nordwind GmbH", "Tea & Sons, Inc.", id="there is a form already"),
        pytest.param(SLOGAN, "Everything for your garden", "Hafenweg 3", id="the other one has none"),
        pytest.param(
            SLOGAN.replace("Nordwind", "The Nordwind"),
            "Everything for your garden",
            "Nordwind GmbH",
            id="a part of a cell",
        ),
        pytest.param(
            SLOGAN.replace("Tea &", "Bay Tea &"),
            "Everything for your garden",
            "Tea & Sons, Inc.",
            id="the end of a name",
        ),
        pytest.param(
            SLOGAN.replace("Nordwind GmbH", "Nordwind\nGmbH & Co. KG"),
            "Everything for your garden",
            "GmbH & Co. KG",
            id="a form alone",
        ),
    ],
)
def test_a_name_keeps_its_place(text: str, written: str, nearly: str) -> None:
    found = read(Torn(answer(written, None), answer(nearly, None), doubt=1.0), text)
    assert names(found)[0] == written


def test_a_name_behind_a_mark_takes_the_place_of_what_has_no_form() -> None:
    found = read(Torn(answer("Everything for your garden", None), answer("Tea & Sons, Inc.", None)), SLOGAN)
    assert names(found)[0] == "Tea & Sons, Inc."


def test_a_name_of_very_many_words_takes_no_other_one_s_place() -> None:
    text = SLOGAN.replace("Nordwind", "The " + "very " * 9 + "northern Nordwind")
    name = text.splitlines()[1]
    found = read(Torn(answer("Everything for your garden", None), answer(name, None)), text)
    assert names(found)[0] == "Everything for your garden"


def test_another_name_that_is_too_unlikely_does_not_keep_a_name_from_its_own_form() -> None:
    text = TEXT.replace("Nordwind GmbH", "Nordwind GmbH\nSüdwind GmbH")
    script, own, other = (answer(name, None) for name in ("Nordwind", "Nordwind GmbH", "Südwind GmbH"))
    found = read(Torn(script, own, other, doubt=4.0), text)
    assert names(found)[0] == "Nordwind GmbH"


@pytest.mark.parametrize("client", ["Nordwind GmbH", "Nordwind", "Alte Nordwind GmbH"])
def test_a_name_does_not_give_way_to_that_of_the_other_party(client: str) -> None:
    text = SLOGAN.replace("Total", "Nordwind  Alte Nordwind GmbH\nTotal")
    found = read(Torn(answer("Everything for your garden", client), answer("Nordwind GmbH", None)), text)
    assert names(found)[0] == "Everything for your garden"


def test_a_name_does_not_give_way_to_that_of_the_party_read_with_it() -> None:
    found = read(
        Torn(answer("Everything for your garden", "Nordwind GmbH"), answer("Nordwind GmbH", None)), SLOGAN
    )
    assert names(found) == ("Everything for your garden", "Nordwind GmbH")


def test_names_of_documents_whose_lines_were_read_again_are_read_in_full_too() -> None:
    lines = [
        {"desc": name, "qty": Decimal(1), "unit_price": Decimal(price), "line_total": Decimal(price)}
        for name, price in (("Jam", "20.40"), ("Oil", "30.00"))
    ]

    def script(client: str, count: int) -> str:
        values = {
            "vendor.name": "Nordwind GmbH",
            "client.name": client,
            "financial_summary.grand_total": Decimal("50.40"),
        }
        return write_json(values, lines[:count], ALL_FIELDS)[0]

    text = TEXT.replace("\n\nTotal", "\n\nJam  1  20.40  20.40\nOil  1  30.00  30.00\nTotal")
    model = Torn(script("Tea & Sons", 1), script("Tea & Sons", 2), script("Tea & Sons, Inc.", 1))
    found = read(model, text)
    assert found.reread == ("sum-of-lines",)
    assert names(found) == ("Nordwind GmbH", "Tea & Sons, Inc.")


def test_names_in_full_that_differ_take_no_pass_more() -> None:
    with_, without = Torn(answer(*TWO), ONE), Torn(answer(*TWO), ONE)
    assert read(with_).invoice == read(without, arithmetic=False).invoice
    assert with_.passes == without.passes


def test_the_passes_of_all_ways_are_counted() -> None:
    model = Torn(ONE, answer(*TWO), answer("Tea & Sons, Inc.", "Nordwind GmbH"))
    found = read(model, batch_size=1)
    assert found.reread
    assert found.forward_passes == model.passes


@pytest.mark.parametrize(
    "options", [{"arithmetic": False}, {"grounding": "schema"}, {"settings": Settings(arithmetic=False)}]
)
def test_parties_are_not_read_again_where_nobody_wants_it(options: dict[str, Any]) -> None:
    found = read(Torn(ONE, answer(*TWO)), **options)
    assert (names(found), found.reread) == (("Nordwind GmbH", "Nordwind GmbH"), ())


def test_a_request_for_one_party_alone_has_none_to_tell_it_from() -> None:
    request = [field for field in ALL_FIELDS if field != "client.name"]
    script = write_json({"vendor.name": "Nordwind GmbH"}, [], request)[0]
    found = read(Torn(script, script), request=request)
    assert (names(found), found.reread) == (("Nordwind GmbH", None), ())


def test_documents_of_a_batch_are_told_apart_by_themselves() -> None:
    class Each(Torn):
        """Writes two names for the documents that say so."""

        def logits(self, tokens: Any) -> Any:
            prompt = bytes(token for token in tokens[: tokens.index(self.eos)] if token < 256)
            self.script = (answer(*TWO) if b"whole" in prompt else ONE).encode() + bytes([self.eos % 256])
            return super().logits(tokens)

    texts = [TEXT, TEXT + "\nwhole", TEXT, TEXT + "\nwhole"]
    found = extract_many([Document.from_text(text) for text in texts], Each(ONE, answer(*TWO)), batch_size=2)
    assert [names(each) for each in found] == [TWO] * 4
    assert [bool(each.reread) for each in found] == [True, False, True, False]
