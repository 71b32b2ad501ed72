"""FinScribe Smart Scan: documents in, invoices out, every value one that the document prints."""


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
