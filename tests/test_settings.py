"""Settings from the environment."""

from pathlib import Path

import pytest

from finscribe.errors import SettingsError
from finscribe.settings import RemoteSettings, Settings


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
            "FINSCRIBE_ARITHMETIC": "off",
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
        arithmetic=False,
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
        ("FINSCRIBE_ARITHMETIC", "maybe"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is '{value}', which is not ") as caught:
        Settings.from_environment({variable: value})
    assert variable in caught.value.hint


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(Settings(hf_token="secret"))


# --- models on other machines ------------------------------------------------------------------------


def test_every_variable_of_other_machines_is_read() -> None:
    settings = Settings.from_environment(
        {
            "FINSCRIBE_BACKEND": "Remote",
            "FINSCRIBE_REMOTE_URL": "http://one:8000, https://two/api/v1/ http://[::1]:8000/v1",
            "FINSCRIBE_REMOTE_MODEL": "mine",
            "FINSCRIBE_REMOTE_KEY": "secret",
            "FINSCRIBE_REMOTE_API": "completions",
            "FINSCRIBE_REMOTE_GRAMMAR": "llama.cpp",
            "FINSCRIBE_REMOTE_CONTEXT": "4096",
            "FINSCRIBE_REMOTE_WINDOW_TOKENS": "320",
            "FINSCRIBE_REMOTE_AT_ONCE": "16",
            "FINSCRIBE_REMOTE_TRIES": "2",
            "FINSCRIBE_REMOTE_SECONDS": "2.5",
        }
    )
    assert settings.backend == "remote"
    assert settings.remote == RemoteSettings(
        urls=("http://one:8000/v1", "https://two/api/v1", "http://[::1]:8000/v1"),
        model="mine",
        key="secret",
        api="completions",
        grammar="llama.cpp",
        context=4096,
        window_tokens=320,
        at_once=16,
        tries=2,
        seconds=2.5,
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "gpu-1:8000",
        "file:///etc/passwd",
        "http://",
        "http://a:b@host/v1",
        "http://host/v1?key=1",
        "http://host:x/v1",
    ],
)
def test_an_address_that_is_none_is_refused_without_being_told(address: str) -> None:
    with pytest.raises(SettingsError, match="FINSCRIBE_REMOTE_URL") as caught:
        Settings.from_environment({"FINSCRIBE_REMOTE_URL": f"http://well/v1,{address}"})
    assert address not in caught.value.message
    assert "FINSCRIBE_REMOTE_KEY" in caught.value.hint


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FINSCRIBE_REMOTE_API", "stream"),
        ("FINSCRIBE_REMOTE_GRAMMAR", "gbnf"),
        ("FINSCRIBE_REMOTE_CONTEXT", "100"),
        ("FINSCRIBE_REMOTE_WINDOW_TOKENS", "63"),
        ("FINSCRIBE_REMOTE_AT_ONCE", "0"),
        ("FINSCRIBE_REMOTE_SECONDS", "-1"),
    ],
)
def test_a_bad_value_for_other_machines_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment({variable: value})
