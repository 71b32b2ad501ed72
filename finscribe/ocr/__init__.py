"""From pixels and PDF objects to words in reading order.

reader.py         bytes -> Document: format by content, limits, page by page
pdf.py            PDF pages: opening, text layer or rendering
text_layer.py     the words a digital PDF carries, with their boxes, and whether they can be trusted
pictures.py       PNG, JPEG, TIFF and WebP as upright RGB pictures
scan.py           picture -> page: which way up, then the OCR engine, then reading order
reading_order.py  words with boxes -> lines, columns kept apart
engine.py         what an OCR engine is, and which one is used; rapid.py, tesseract.py
strips.py         long and tiny pictures, in the shape in which an engine reads them
raw.py            older OCR output (dicts) -> Document
"""
