"""Approved documents for other programs and for people; everything is written as it is read, none of it is kept.

rows.py       documents and their lines as rows
text.py       CSV and JSON Lines
workbook.py   XLSX
archive.py    UBL, one file a document, in a ZIP
"""
