import pytest

from finscribe.invoice import Truth
from finscribe.training.dataset.families import family_of, names_of, normalise_vendor


@pytest.mark.parametrize(
    "names",
    [
        ("TechCorp Inc.", "TECHCORP, INC", "Techcorp Incorporated", "techcorp"),
        ("Müller GmbH & Co. KG", "MULLER GMBH", "Müller"),
        ("Café de Paris S.A.R.L.", "CAFE DE PARIS SARL"),
        ("Rossi S.p.A.", "ROSSI SPA"),
        ("MR D.I.Y. (M) SDN BHD", "MR. D.I.Y. (M) SDN. BHD.", "Mr DIY (M) Sdn Bhd"),
        ("Walmart #1234", "Walmart Store 12", "WALMART"),
        ("Kowalski Sp. z o.o.", "KOWALSKI"),
        ("UNIHAKKA INTERNATIONAL SDN BHD (867388-U)", "Unihakka International"),
        ("PT Indofood Tbk", "INDOFOOD"),
        ("A & B Co., Ltd.", "A and B"),
        ("McDonald's", "McDonalds"),
    ],
)
def test_spellings_of_one_vendor_are_one_family(names):
    assert len({normalise_vendor(name) for name in names}) == 1


@pytest.mark.parametrize(
    "names",
    [("Aldi Süd", "Aldi Nord"), ("7-Eleven", "Eleven"), ("3M", "M"), ("株式会社トヨタ", "株式会社ホンダ")],
)
def test_different_vendors_are_different_families(names):
    assert len({normalise_vendor(name) for name in names}) == 2


def test_a_name_that_is_nothing_but_a_legal_form_is_kept():
    assert normalise_vendor("Ltd") == "ltd"


def test_the_tax_id_stands_in_for_the_name():
    assert family_of(Truth({"vendor.name": None, "vendor.tax_id": "DE 123-456"}), "x") == "tax id de123456"


def test_a_vendor_goes_by_its_name_and_is_known_by_its_tax_id_too():
    truth = Truth({"vendor.name": "Acme Ltd", "vendor.tax_id": "DE 123-456"})
    assert names_of(truth, "x") == ("acme", "tax id de123456")
    assert family_of(truth, "x") == "acme"


@pytest.mark.parametrize("tax_id", ["N/A", "000 000 000", "DE 11 11 11"])
def test_a_placeholder_of_a_tax_id_joins_no_vendors(tax_id):
    assert names_of(Truth({"vendor.name": "Acme", "vendor.tax_id": tax_id}), "x") == ("acme",)


def test_the_first_line_that_is_no_title_stands_in_for_both():
    assert family_of(Truth({}), "TAX INVOICE\n12\nBakery Huber 3\nTotal 1") == "line bakery huber 0"


def test_a_text_of_one_line_is_named_by_its_beginning():
    family = family_of(Truth({}), "Bakery Huber " + "bread " * 5_000)
    assert family.startswith("line bakery huber bread")
    assert len(family) < 250


def test_a_text_without_letters_has_no_family():
    assert family_of(Truth({}), "12\n34") == ""
