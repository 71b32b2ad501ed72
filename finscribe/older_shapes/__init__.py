"""Records of older shapes, and of today's, read into today's fields: `modernise`.

Names are looked up in the tables of `names.py` whatever their case or spelling (`invoiceNumber`, `Invoice Number`).
Where two names of a record mean the same field, today's name wins, then the one that the table names first;
the other is reported.
"""

from finscribe.older_shapes.record import modernise

__all__ = ["modernise"]
