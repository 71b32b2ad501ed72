"""Results that people look at: self-contained pages with charts.

page.py    the page, its style and its pieces
charts.py  charts as inline SVG
"""
