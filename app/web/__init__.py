"""The pages: what people see and do. They work on the same store as the API.

texts.py      every text, in one place
form.py       what a reviewer has typed and vouched for so far: no browser in it
viewer.py     the page with its boxes, and the keys (viewer.js runs in the browser)
drop_zone.py  where files are dropped (drop_zone.js runs in the browser)
shell.py      what all pages have around them
login.py      logging in and out: a form of its own (login.html)
inbox.py      the list of documents
opened.py     what a review needs of a document: no browser in it
pane.py       one document, its page and its fields
question.py   whether it is approved although checks fail: no browser in it
review.py     one document after the other, and what is right about each
dashboard.py  how much comes in, how right it is read, what reviewing costs
learn/        what was corrected, and the models that come of it
parts.py      what several pages are made of
pages.py      the pages on the application
"""
