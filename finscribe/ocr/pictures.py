"""PNG, JPEG, TIFF and WebP -> upright RGB pictures, one a page, within the limits."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from finscribe.errors import DocumentError, DocumentTooLarge, UnreadableDocument
from finscribe.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile


def pictures(data: bytes, name: str, settings: Settings) -> Iterator["Image"]:
    """The pages of a picture file; sizes are checked before a pixel is decoded. Raises DocumentError."""
    with open_picture(data, name, settings) as file:
        for index in range(getattr(file, "n_frames", 1)):
            yield frame(file, index, name, settings)


def open_picture(data: bytes, name: str, settings: Settings) -> "Image":
    """The file with its first page's size checked and nothing decoded; raises DocumentError."""
    _raise_limit_of_pillow(settings)
    try:
        file = _plugin(data)(io.BytesIO(data))
        too_many = _has_more_pages(file, settings.max_pages)
    except Exception as error:  # Pillow's plugins raise what their parsers happen to hit
        raise _explained(name, error, settings) from error
    check_size(name, file.width, file.height, settings)
    if too_many:
        raise too_many_pages(name, "too many", settings)
    return file


def _has_more_pages(file: "ImageFile", most: int) -> bool:
    """Whether a file has more pages; those of a TIFF, of which each only names the next, are not all looked for."""
    from PIL.TiffImagePlugin import TiffImageFile

    if not isinstance(file, TiffImageFile):
        return getattr(file, "n_frames", 1) > most
    with suppress(EOFError):
        for index in range(most + 1):  # one by one: Pillow counts wrong where it skips some
            file.seek(index)
        return True
    file.seek(0)
    return False


def _plugin(data: bytes) -> "type[ImageFile]":
    """What reads the file, by its first bytes: `Image.open` would hold the picture against Pillow's own limit."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.TiffImagePlugin import TiffImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    by_mark = {b"\x89": PngImageFile, b"\xff": JpegImageFile, b"R": WebPImageFile}
    return by_mark.get(data[:1], TiffImageFile)


def _raise_limit_of_pillow(settings: Settings) -> None:
    """Lets Pillow crop and unpack what our limit lets in; never makes it stricter."""
    from PIL import Image

    if Image.MAX_IMAGE_PIXELS is not None:
        Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS, settings.max_pixels)


def frame(file: "Image", index: int, name: str, settings: Settings) -> "Image":
    """One page, decoded, upright as its EXIF says, on white; raises DocumentError."""
    from PIL import ImageOps

    try:
        file.seek(index)
        check_size(name, file.width, file.height, settings)
        file.load()
        return _rgb(ImageOps.exif_transpose(file))
    except DocumentTooLarge:
        raise
    except Exception as error:  # as above
        raise _explained(name, error, settings) from error


def _rgb(image: "Image") -> "Image":
    from PIL import Image

    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _eight_bit(image).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _eight_bit(image: "Image") -> "Image":
    """A grey picture of 16 or 32 bits, its darkest pixel made black and its lightest white."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image, dtype=np.float32)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(1e-9, high - low))).astype(np.uint8))


def check_size(name: str, width: float, height: float, settings: Settings) -> None:
    """Raises DocumentTooLarge where a page has more pixels than the settings allow."""
    if width * height > settings.max_pixels:
        raise _too_many_pixels(name, f"a page of {width:.0f} x {height:.0f} pixels", settings)


def too_many_pages(name: str, count: int | str, settings: Settings) -> DocumentTooLarge:
    """The error for a document of so many pages."""
    return DocumentTooLarge(
        f"{name}: {count} pages; the limit is {settings.max_pages}",
        hint="Split the file into its invoices, or raise FINSCRIBE_MAX_PAGES.",
    )


def _too_many_pixels(name: str, found: str, settings: Settings) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"{name}: {found}; the limit is {settings.max_pixels:,} pixels a page",
        hint="Scan at 200 to 300 dpi, or raise FINSCRIBE_MAX_PIXELS.",
    )


def _explained(name: str, error: Exception, settings: Settings) -> DocumentError:
    from PIL import Image

    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return _too_many_pixels(name, "far too many pixels", settings)
    return UnreadableDocument(
        f"{name}: the picture is broken or incomplete ({error})",
        hint="Open it in a viewer to check, then scan or download it again.",
    )
