"""Every text of the pages, in one place for translation."""

from app.store.inbox import Order
from app.store.tables import RunKind, RunState, State

TITLE = "FinScribe"
NO_DATASET = "Choose a dataset; the tab Datasets builds one of what reviewers corrected."
NO_CANDIDATE = "Choose a version; the tab Training makes one."
NO_SUCH_PAGE = (
    '<!doctype html><html lang="en"><title>FinScribe</title><meta name="color-scheme" content="light dark">'
    '<body style="font-family: sans-serif; margin: 4rem"><h1>There is no such page</h1>'
    '<p><a href="/">All documents are in the inbox.</a></p></body></html>'
)

STATES = {
    State.QUEUED: "queued",
    State.READING: "OCR",
    State.EXTRACTING: "extracting",
    State.NEEDS_REVIEW: "needs review",
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.FAILED: "failed",
}
ORDERS = {Order.WORTH: "Worth a review", Order.NEWEST: "Newest", Order.OLDEST: "Oldest"}

FIELDS = {
    "document_type": "Document type",
    "vendor.name": "Vendor",
    "vendor.address": "Vendor address",
    "vendor.tax_id": "Vendor tax id",
    "client.name": "Client",
    "client.address": "Client address",
    "invoice_number": "Invoice number",
    "invoice_date": "Invoice date",
    "due_date": "Due date",
    "purchase_order": "Purchase order",
    "currency": "Currency",
    "financial_summary.subtotal": "Subtotal",
    "financial_summary.discount": "Discount",
    "financial_summary.shipping": "Shipping",
    "financial_summary.other_charges": "Other charges",
    "financial_summary.tax_rate": "Tax rate",
    "financial_summary.tax_amount": "Tax",
    "financial_summary.rounding": "Rounding",
    "financial_summary.grand_total": "Total",
    "financial_summary.amount_due": "Amount due",
    "payment.iban": "IBAN",
    "payment.terms": "Payment terms",
}
CELLS = {"desc": "Description", "qty": "Quantity", "unit_price": "Unit price", "line_total": "Line total"}

LEVELS = {
    "confirmed": "You vouch for it",
    "changed": "You changed it",
    "sure": "The model is sure",
    "unsure": "The model is unsure",
    "doubtful": "The model doubts it",
    "failing": "A check of it fails",
}

CUT_OFF = "The model's answer was cut off: what follows on the page is missing here."
REREAD = "Read once more: as the model wrote the lines first, the invoice did not add up ({identities})."
TOLD_APART = "Read once more: as the model wrote it first, vendor and customer had the same name."
SETTLED = "Chosen by arithmetic: the model wrote {before}, and this number of the page makes it add up ({identities})."
TURNED = "The other way round than the model wrote it ({before}), as the headers of its columns say."
IDENTITIES = {
    "column-order": "headers of the columns",
    "line-arithmetic": "quantity times price",
    "sum-of-lines": "sum of the lines",
    "total": "totals",
    "tax-amount": "tax",
}

INBOX = "Inbox"
DROP = "Drop invoices and receipts here, or choose files"
KINDS = "PDF, PNG, JPEG, TIFF, WebP or text"
THERE_ALREADY = "is there already:"
SEARCH = "Name, vendor, number"
ALL = "all"
NOTHING = "There is no document here. Drop some above."
NOTHING_FOUND = "No document is like that."
PREVIOUS, NEXT = "Previous", "Next"
COLUMNS = {
    "name": "Document",
    "vendor": "Vendor",
    "invoice_number": "Number",
    "invoice_date": "Date",
    "total": "Total",
    "state": "State",
    "worth": "Worth",
}
WORTH = (
    "How many values are probably wrong: {value:.1f}. Doubts of the model make {doubt:.1f} of it, failing checks "
    "{findings:.0f}, a vendor of whom nothing was approved yet {new_vendor:.0f}."
)
WAITING = "Documents wait: {detail}. {hint}"
API = "API"
DARK = "Dark or light"

REVIEW = "Review"
TO_CHECK = "To check"
OTHERS = "Read"
NOT_FOUND = "Not found ({count})"
LINES = "Lines"
ADD_LINE = "Add a line"
REMOVE_LINE = "Remove line {number}"
MORE = "More for line {number}"
INSERT_BELOW, MERGE_BELOW = "Insert a line below", "Merge with the line below"
SPLIT = "Split where the cursor stands in the description"
ACCEPT = "{field} is right (Enter)"
ACCEPT_ALL = "All is right"
SAVE, APPROVE, REJECT, READ_AGAIN, SKIP, KEYS = "Save", "Approve", "Reject", "Read again", "Skip", "Keys"
ONE_CHECK_FAILS, CHECKS_FAIL = "One check fails", "{count} checks fail"
APPROVE_OVER = (
    "{fail}: {what}. Correct what is wrong, or press Ctrl + Enter once more to approve it as it is."
)
APPROVE_ANYWAY = "Approve all the same"
SAVED, APPROVED, REJECTED = "Saved.", "Approved.", "Rejected."
STALE = "Somebody else has changed this document. Here is what is there now; what you typed is not saved."
DONE = "Nothing is left to review."
NOT_READ = "This document is {state}."
DELETE, DELETED = "Delete", "Deleted."
DELETE_ALL = "Its file, its pictures, its text and the examples that were made of it are erased for good."
GONE = "There is no such document."
REASON = "Why is it put aside?"
CANCEL = "Cancel"

KEYBOARD = {
    "Tab": "to the next unsure field",
    "Enter": "the field is right, on to the next",
    "Ctrl + Enter": "approve and open the next; where checks fail, it asks first",
    "Esc": "undo the last change",
    "?": "show or hide the keys",
    "Click a word": "puts it into the field",
    "Paste": "cells of a spreadsheet go into the lines",
    "Draw a box": "puts the words in it into the field",
}

LOG_IN, LOG_OUT = "Log in", "Log out"
USER_NAME, PASSWORD = "Name", "Password"
WRONG_PASSWORD = "There is no user of this name and password."
TOO_MANY_TRIES = "These were too many tries. The next one is possible in {seconds} seconds."
STALE_FORM = "This form is too old, or this browser keeps no cookies. Try again."

# --- learn -------------------------------------------------------------------------------------------

LEARN, DASHBOARD = "Learn", "Dashboard"
TABS = {
    "queue": "Queue",
    "datasets": "Datasets",
    "training": "Training",
    "evaluations": "Evaluations",
    "models": "Models",
}
RUN_STATES = {
    RunState.QUEUED: "waits",
    RunState.RUNNING: "runs",
    RunState.DONE: "done",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "cancelled",
}
STOPPING = "stops"
RUN_COLUMNS = ("Asked for", "Id", "Who", "State", "What came of it", "")
NO_RUNS = {
    RunKind.DATASET: "No dataset was built yet.",
    RunKind.TRAINING: "No model was trained yet.",
    RunKind.EVALUATION: "Nothing was evaluated yet.",
}
SOMEBODY = "somebody at this machine"
STOP, GO_ON, PAGE, LOG, CURVE, CARD = "Stop", "Go on", "Page", "Log", "Curve", "Card"
STARTED = "It begins when what is before it is done."

QUEUE_TILES = {
    "live": ("Corrections", "Those that were not taken back"),
    "current": ("To learn from", "The newest correction of each document"),
    "retracted": ("Taken back", "By a reviewer, or with a rejected document"),
}
BY_FIELD, BY_VENDOR = "What was corrected, by field", "Corrections by vendor"
WHOLE_LINE = "A whole line"
BY_FIELD_SAID = "How often reviewers changed a value of each field."
BY_VENDOR_SAID = (
    "How many corrected documents are of each vendor; nobody vouched for one with a question mark."
)
UNCONFIRMED, NO_VENDOR = "? {name}", "(no vendor)"
NO_CORRECTIONS = "Nothing was corrected yet. What reviewers change or vouch for comes here."

BUILD_DATASET = "Build a dataset"
BUILD_DATASET_SAID = (
    "Of the corrections in the queue: checked, without duplicates, whole vendors in one part."
)
VAL_RATIO, GATE_RATIO = "Share for validation", "Share for the gate"
STRICT = "Leave out what is only warned about"
NO_CORRECTION = (
    "There is no correction to build it of. Review a document and approve it first: what you change or vouch for there "
    "is what a dataset holds."
)
TO_THE_INBOX = "To the inbox"
DATASET_RESULT = "{train} to learn from, {val} for validation, {gate} for the gate"
DATASET_NAME = "{time}: {train} + {val} + {gate} records"

TRAIN = "Train a model"
TRAIN_SAID = "A process of its own, which goes on after an interruption."
DATASET, START_FROM, RECIPE, EPOCHS = "Dataset", "Starts from", "Recipe", "Epochs"
LEARNING_RATE, BATCH_SIZE = "Learning rate", "Batch size"
AS_USUAL = "as the command does by itself"
SERVED_MODEL, STARTER_MODEL = "the model that is served", "the starter"
TRAINING_RUN = "trained {time} ({id})"
VERSION_NAME = "version {id}"
TRAINING_RESULT = "field F1 {before} before, {after} after, in {seconds} s"
NO_VALIDATION = "trained in {seconds} s, without validation documents"
STEP = "step {step} of {steps}"
CHART_TITLES = {
    "Loss": ("Loss", "On the answers, by step."),
    "What it reads": ("F1", "On validation documents, read as they are served."),
}
LEGEND = {
    "training": "training",
    "validation": "validation",
    "all values": "all values",
    "cells of lines": "cells of lines",
}
NO_CURVE = "There is nothing to draw yet."
CURVE_OF = "The run of {time}"

EVALUATE = "Evaluate a model"
EVALUATE_SAID = "Both models read the same documents, which neither has learned from."
CANDIDATE, BASELINE, PART = "Model", "Against", "Documents"
PARTS = {"gate": "of the gate", "val": "for validation"}
EVALUATION_RESULT = (
    "{candidate} against {baseline}: {gain} points F1 ({interval}) on {documents} documents of {vendors} "
    "vendors"
)
NO_INTERVAL = "no interval with so few vendors"

SERVE = "Serve a model"
SERVE_SAID = (
    "It takes an evaluation on the gate's documents, against the model that is served now. One on documents for "
    "validation certifies which values may be approved without a look."
)
EVALUATION, VALIDATION = "Evaluation", "Certify by"
EVALUATION_NAME = "{time}: {gain} points"
ASK_GATE, PROMOTE, ROLLBACK, FORCE = "Ask the gate", "Promote", "Roll back", "Promote all the same"
GATE_SAYS = "What the gate says"
GATE_PASSED, GATE_REFUSED = "Every condition holds.", "Not every condition holds; nothing has changed."
GATE_COLUMNS = ("", "Condition", "Figure")
HOLDS, FAILS = "holds", "does not hold"
PROMOTED = "{version} is served from now on."
SERVED_ALREADY = "{version} was served already."
ROLLED_BACK = "{version} is served again."
FORCE_REASON = "Why is it to be served although the gate refuses it? The reason is kept."
ROLLBACK_REASON = "Why is what is served taken back?"
VERSIONS, HISTORY = "Versions", "What was served when"
VERSION_COLUMNS = ("Version", "Gate", "F1 on the gate", "Stored", "")
HISTORY_COLUMNS = ("When", "What", "Version", "By", "Said")
SERVED_NOW = "served"
NO_VERSIONS = "No version yet: the first promotion makes one. Now {served} is served."
ADMINS_ONLY = "Only admins promote and roll back."

# --- dashboard ---------------------------------------------------------------------------------------

DAYS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
PERIOD = "Period"
DASHBOARD_TILES = {
    "arrived": ("Documents came in", ""),
    "approved": ("Approved", ""),
    "automation": ("Approved as read", "Approved documents in which nothing had to be corrected"),
    "accuracy": (
        "Values right",
        "Of the values that reviewers confirmed or changed, those that had been read rightly",
    ),
    "seconds": ("Time of a review", "Half of the reviews took less"),
}
NO_FIGURE = "–"
A_DAY, A_DAY_SAID = "Documents a day", "Days are those of UTC."
ARRIVED, APPROVED_A_DAY = "came in", "approved"
ACCURACY, ACCURACY_SAID = (
    "How right values are read",
    "Share of the values that reviewers confirmed or changed, by the day of the approval.",
)
AUTOMATION, AUTOMATION_SAID = "Approved as read", "Share of the documents approved on a day."
SECONDS, SECONDS_SAID = "Time of a review", "Median of a day, in seconds."
CORRECTIONS, CORRECTIONS_SAID = "Corrections by field", "In the documents approved in this time."
NOTHING_APPROVED = "Nothing was approved in this time."
EXPORT = "Export"
EXPORTS = {
    "xlsx": "XLSX",
    "csv": "CSV",
    "csv&table=lines": "CSV of lines",
    "jsonl": "JSON Lines",
    "ubl": "UBL 2.1 (ZIP)",
}
