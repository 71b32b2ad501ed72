"""Settings from the environment."""

from pathlib import Path

import pytest

from finscribe.errors import SettingsError
from finscribe.settings import Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"UNSLOTH_MODEL_DIR": " ", "FINSCRIBE_MAX_PAGES": ""}) == Settings()


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "FINSCRIBE_MAX_PAGES": "3",
            "FINSCRIBE_MAX_PIXELS": "1_000_000",
            "FINSCRIBE_MAX_BYTES": "4",
            "FINSCRIBE_MAX_TEXT_BYTES": "5",
            "FINSCRIBE_MAX_WINDOWS": "6",
            "FINSCRIBE_MAX_SECONDS": "1.5",
            "FINSCRIBE_OCR_ENGINE": "Tesseract",
            "FINSCRIBE_OCR_DPI": "300",
            "UNSLOTH_MODEL_DIR": "models/mine",
            "UNSLOTH_MODEL_NAME": "someone/model",
            "HF_TOKEN": "secret",
            "FINSCRIBE_DATA_DIR": "somewhere/data",
        }
    )
    assert settings == Settings(
        max_pages=3,
        max_pixels=1_000_000,
        max_bytes=4,
        max_text_bytes=5,
        max_windows=6,
        max_seconds=1.5,
        ocr_engine="tesseract",
        ocr_dpi=300,
        model_dir=Path("models/mine"),
        model_dir_is_explicit=True,
        model_name="someone/model",
        model_name_is_explicit=True,
        hf_token="secret",
        data_dir=Path("somewhere/data"),
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FINSCRIBE_MAX_PAGES", "0"),
        ("FINSCRIBE_MAX_PAGES", "many"),
        ("FINSCRIBE_MAX_BYTES", "1.5"),
        ("FINSCRIBE_MAX_PIXELS", "-4"),
        ("FINSCRIBE_MAX_WINDOWS", "0"),
        ("FINSCRIBE_MAX_SECONDS", "nan"),
        ("FINSCRIBE_MAX_SECONDS", "0"),
        ("FINSCRIBE_OCR_DPI", "20"),
        ("FINSCRIBE_OCR_ENGINE", "abbyy"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is '{value}', which is not ") as caught:
        Settings.from_environment({variable: value})
    assert variable in caught.value.hint


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(Settings(hf_token="secret"))
