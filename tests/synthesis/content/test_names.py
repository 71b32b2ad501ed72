"""What companies, streets and web addresses are called."""

from random import Random

import pytest

from finscribe.synthesis.content import names
from finscribe.synthesis.content.locales import LOCALES, Locale
from finscribe.synthesis.content.vocabulary import VOCABULARY


def words_of(text: str) -> set[str]:
    return {word.strip("&'.,-").casefold() for word in text.split()}


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_every_language_has_words_and_patterns_of_its_own_for_names(language: str) -> None:
    own = VOCABULARY[language]
    assert len(own["common"]) > 60
    assert len(own["products"]) > 100
    assert len(own["trades"]) > 40
    for key in ("names", "branches", "holder"):
        assert own[key]
        assert language == "en" or own[key] != VOCABULARY["en"][key]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.code)
def test_companies_are_called_by_words_of_every_day_and_by_invented_ones(locale: Locale) -> None:
    rng = Random(0)
    common = {word.casefold() for word in VOCABULARY[locale.language]["common"]}
    found = [words_of(names.company(rng, locale)) for _ in range(400)]
    assert 0.15 < sum(bool(words & common) for words in found) / len(found) < 0.8


def test_a_word_of_an_article_may_be_one_of_a_company_so_that_it_tells_nothing() -> None:
    for words in VOCABULARY.values():
        goods = {word.casefold() for word in words["products"]}
        assert goods & {word.casefold() for word in (*words["common"], *words["trades"])}


def test_web_addresses_are_mostly_made_of_the_owner_s_name() -> None:
    rng = Random(0)
    found = [names.site(rng, "Bäckerei Müller & Söhne GmbH") for _ in range(300)]
    assert all(site.replace("-", "").isalnum() and site.isascii() and site == site.lower() for site in found)
    assert 0.4 < sum(site.startswith("backerei") for site in found) / len(found) < 0.8
    assert names.site(rng, "株式会社").isascii()


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.code)
def test_shops_without_a_street_have_a_place_a_town_or_both(
    locale: Locale, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = VOCABULARY[locale.language]
    rng = Random(3)
    assert {len(names.premises(rng, locale)) for _ in range(200)} == {1, 2}
    monkeypatch.setitem(words, "premises", ("{city} Airport",))
    assert all(
        line.endswith(" Airport") and not more
        for line, *more in (names.premises(rng, locale) for _ in range(50))
    )


def test_long_numbers_are_longer_than_most() -> None:
    rng = Random(4)
    long, usual = (
        sorted(len(write(rng, LOCALES[0])) for _ in range(500)) for write in (names.long_code, names.code)
    )
    assert long[0] > usual[len(usual) // 2]
