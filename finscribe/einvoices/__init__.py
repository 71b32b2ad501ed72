"""Electronic invoices in XML, as PDFs carry them inside: what they say, whatever the pages print.

reading.py   THE MAIN PATH: the XML files of a PDF -> the electronic invoice among them
cii.py       UN/CEFACT Cross Industry Invoice (Factur-X, ZUGFeRD, XRechnung) -> claims
ubl.py       OASIS UBL 2.1 (XRechnung, Peppol) -> claims
claims.py    what is claimed: for each value the ways in which a page may print it
"""
