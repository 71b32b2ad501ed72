"""FinScribe Smart Scan: documents in, invoices out, every value one that the document prints."""

import os

SILENT = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "UNSLOTH_DISABLE_STATISTICS": "1",
}
"""What keeps libraries from telling their makers that, and with what, they were used: ONNX Runtime and others would."""

os.environ.update({name: value for name, value in SILENT.items() if name not in os.environ})


def __getattr__(name: str) -> str:
    """`finscribe.__version__`, read when it is asked for, so that importing the package stays instant."""
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("finscribe")
    except PackageNotFoundError:  # a plain checkout that was never installed
        return "0+unknown"
