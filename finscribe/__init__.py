"""FinScribe Smart Scan: documents in, invoices out, every value one that the document prints."""

import os

SILENT = (
    "HF_HUB_DISABLE_TELEMETRY",
    "ORT_DISABLE_TELEMETRY",
    "RAY_USAGE_STATS_ENABLED",
    "UNSLOTH_DISABLE_STATISTICS",
)
"""What keeps libraries from telling their makers that, and with what, they were used: ONNX Runtime and others would."""

for _variable in SILENT:
    os.environ.setdefault(_variable, "0" if _variable.endswith("ENABLED") else "1")


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
