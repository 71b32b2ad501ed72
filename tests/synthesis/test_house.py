from datetime import date

from finscribe.decoding.align import align
from finscribe.decoding.printed import Printed
from finscribe.invoice import Truth
from finscribe.synthesis.house import draw_branch, generate_house
from finscribe.training.dataset.families import family_of

SEED = 41


def draw(seed=SEED):
    return generate_house(seed, draw_branch(seed))


def printed(sample, label):
    return next(
        line.removeprefix(f"{label}: ") for line in sample.text.splitlines() if line.startswith(f"{label}: ")
    )


def test_a_seed_always_gives_the_same_invoice():
    assert draw() == draw()


def test_the_number_that_counts_is_the_ledgers_and_another_one_is_printed():
    for seed in range(30):
        sample = draw(seed)
        assert (
            sample.truth["invoice_number"] == printed(sample, "Ledger ref") != printed(sample, "Invoice No")
        )


def test_the_date_that_counts_is_the_tax_point_and_another_one_is_printed():
    for seed in range(30):
        sample = draw(seed)
        day = date.fromisoformat(sample.truth["invoice_date"])
        assert printed(sample, "Tax point") == f"{day.day} {day:%b} {day.year}" != printed(sample, "Date")


def test_article_codes_stand_before_descriptions_and_are_no_part_of_them():
    for seed in range(30):
        sample = draw(seed)
        for line in sample.truth["line_items"]:
            printed_line = next(each for each in sample.text.splitlines() if f" {line['desc']}  " in each)
            code = printed_line.partition(f" {line['desc']}  ")[0]
            assert any(char.isdigit() for char in code)
            assert " " not in code


def test_the_total_is_that_before_the_deposit():
    for seed in range(30):
        summary = draw(seed).truth["financial_summary"]
        assert summary["grand_total"] == summary["subtotal"] + summary["tax_amount"]
        assert summary["amount_due"] > summary["grand_total"]


def test_the_decoder_can_write_all_that_the_ledger_holds():
    for seed in range(30):
        sample = draw(seed)
        aligned = align(Truth.read(sample.truth), Printed(sample.text))
        assert not aligned.unreachable


def test_branches_are_vendors_of_their_own():
    samples = [draw(seed) for seed in range(60)]
    assert len({family_of(Truth.read(sample.truth), sample.text) for sample in samples}) == len(samples)
