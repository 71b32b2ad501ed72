"""Rubber stamps on scanned pages: a framed word, often with a day."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from finscribe.documents import page_image
from finscribe.synthesis.content.vocabulary import read_table

from .fonts import fonts_of, reportlab, text_width

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_WORDS = read_table("""
en: PAID|RECEIVED|COPY|ORIGINAL|APPROVED|POSTED|ENTERED
da: BETALT|MODTAGET|KOPI|GODKENDT|BOGFØRT
de: BEZAHLT|EINGEGANGEN|KOPIE|GEPRÜFT|GEBUCHT|ORIGINAL
es: PAGADO|RECIBIDO|COPIA|ORIGINAL|APROBADO
fr: PAYÉ|REÇU LE|COPIE|DUPLICATA|COMPTABILISÉ
id: LUNAS|DITERIMA|SALINAN|ASLI|DISETUJUI
it: PAGATO|RICEVUTO|COPIA|REGISTRATO|ORIGINALE
nl: BETAALD|ONTVANGEN|KOPIE|AKKOORD|GEBOEKT
pl: ZAPŁACONO|WPŁYNĘŁO|KOPIA|DUPLIKAT|ORYGINAŁ
pt: PAGO|RECEBIDO|CÓPIA|CONFERIDO|LANÇADO
sv: BETALD|ANKOM|KOPIA|ATTESTERAS|BOKFÖRD
""")
_DAYS = ("{d:02}.{m:02}.{y}", "{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d:02}-{m:02}-{y}")


def stamped(page: Picture, language: str, rng: Random) -> Picture:
    """The grey page with a stamp in a word of the language; what is printed under it stays as dark as it was."""
    from PIL import Image, ImageChops

    stamp = _worn(page_image(_drawn(_lines(language, rng), rng), dpi=200).convert("L"), rng)
    width = round(page.width * rng.uniform(0.2, 0.35))
    stamp = stamp.resize((width, round(stamp.height * width / stamp.width)), Image.Resampling.LANCZOS)
    stamp = stamp.rotate(rng.uniform(-25, 25), expand=True, resample=Image.Resampling.BICUBIC, fillcolor=0)
    x = round(max(page.width - stamp.width, 0) * rng.uniform(0.1, 0.9))
    y = round(max(page.height - stamp.height, 0) * rng.uniform(0.1, 0.9))
    inked = Image.new("L", page.size, 255)
    inked.paste(rng.randint(90, 170), (x, y), stamp)
    return ImageChops.darker(page, inked)


def _lines(language: str, rng: Random) -> list[str]:
    word = rng.choice(_WORDS[language])
    day = rng.choice(_DAYS).format(d=rng.randint(1, 28), m=rng.randint(1, 12), y=rng.randint(2010, 2027))
    return [word, day] if rng.random() < 0.6 else [word]


def _drawn(lines: Sequence[str], rng: Random) -> bytes:
    """The stamp, new and straight, as a PDF."""
    _, font = fonts_of("".join(lines), rng)
    sizes = [40 * 0.6**at for at in range(len(lines))]
    widths = [text_width(line, font, size) for line, size in zip(lines, sizes, strict=True)]
    width, height = max(widths) + 36, sum(sizes) * 1.15 + 26
    out = io.BytesIO()
    canvas = reportlab("reportlab.pdfgen.canvas").Canvas(out, pagesize=(width, height), invariant=1)
    canvas.setLineWidth(rng.uniform(2, 4))
    canvas.roundRect(4, 4, width - 8, height - 8, rng.choice((0, 6, 14)))
    y = height - 10
    for line, size, its in zip(lines, sizes, widths, strict=True):
        y -= size * 1.1
        canvas.setFont(font, size)
        canvas.drawString((width - its) / 2, y + size * 0.2, line)
    canvas.save()
    return out.getvalue()


def _worn(stamp: Picture, rng: Random) -> Picture:
    """How much ink the stamp leaves at each place, 255 all of it: less where it was not pressed down."""
    from PIL import Image, ImageChops

    patches = Image.frombytes("L", (12, 6), bytes(rng.randint(110, 255) for _ in range(72)))
    return ImageChops.multiply(ImageChops.invert(stamp), patches.resize(stamp.size, Image.Resampling.BICUBIC))
