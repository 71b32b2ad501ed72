"""Everything that can go wrong, as one tree.

FinScribeError                  error
├── DocumentError               document-error
│   ├── UnreadableDocument      unreadable-document      broken, truncated, or not what it claims to be
│   ├── EncryptedDocument       encrypted-document       needs a password
│   ├── EmptyDocument           empty-document           zero bytes, or nothing legible on it
│   ├── DocumentTooLarge        document-too-large       over a limit in bytes, pages, pixels or seconds
│   └── UnsupportedFormat       unsupported-format       not a PDF, picture or text
├── InvoiceShapeError           invoice-shape            JSON that is not an invoice; names the field
├── ModelError                  model-error
│   ├── ModelNotFound           model-not-found
│   ├── ModelBroken             model-broken             files missing, wrong shapes, unreadable
│   ├── ModelUnreachable        model-unreachable        on another machine, which does not answer
│   ├── UnsafeModel             unsafe-model             pickled weights or remote code
│   └── UnsupportedModel        unsupported-model        of a kind that the chosen backend does not run
├── MissingDependency           missing-dependency       the hint is the line that installs it
├── PromptTooLong               prompt-too-long          does not fit the model's context
├── TrainingDataError           training-data            records that cannot be learned from
│   ├── RecordError             record-error             one of them; names the reason
│   ├── SourcesError            sources-error            inputs of which none is there, or that hold nothing
│   ├── LedgerError             ledger-error             the ledger of the split is unreadable, or in use
│   ├── OutputError             output-error             a prepared file that cannot be written
│   └── WorkerLost              worker-lost              a process was ended, mostly for want of memory
├── QueueError                  queue-error              the queue of corrections cannot be read or written
├── TrainingError               training-error           a run that cannot start or go on
│   ├── TrainingStopped         training-stopped         ended by a signal, with a checkpoint to go on from
│   └── NotReproduced           not-reproduced           what was saved does not read what was trained did
├── EvaluationError             evaluation-error         an evaluation that cannot start or go on
├── RegistryError               registry-error           versions of models: one that is unknown, altered, or busy
│   └── GateRefused             gate-refused             a model that may not replace the one that is served
├── BatchError                  batch-error              a batch that cannot start or go on
│   └── DocumentLost            document-lost            a document whose reading ended every process that tried
└── SettingsError               settings-error           a variable with a value that is not allowed

`code` is stable and meant for machines; `exit_code` is what the command line exits with.
"""


class FinScribeError(Exception):
    """Base of all errors raised on purpose: what happened, and in `hint` what to do about it.

    `tried` is what was tried before giving up, in that order, each with why it would not do; empty where it was one
    thing alone, which the message names.
    """

    code: str = "error"
    exit_code: int = 1
    retryable: bool = False

    def __init__(self, message: str, *, hint: str = "", tried: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.tried = tried


class DocumentError(FinScribeError):
    """A document that cannot be turned into text."""

    code = "document-error"
    exit_code = 3


class UnreadableDocument(DocumentError):
    """Broken, truncated, or not what it claims to be."""

    code = "unreadable-document"


class EncryptedDocument(DocumentError):
    """A document that opens only with a password."""

    code = "encrypted-document"


class EmptyDocument(DocumentError):
    """Zero bytes, or nothing legible on any page."""

    code = "empty-document"


class DocumentTooLarge(DocumentError):
    """Over a limit in bytes, pages, pixels or seconds."""

    code = "document-too-large"


class UnsupportedFormat(DocumentError):
    """Neither a PDF nor a picture nor text."""

    code = "unsupported-format"


class InvoiceShapeError(FinScribeError):
    """JSON that cannot be read as an invoice; `field` is the dotted path of the culprit."""

    code = "invoice-shape"
    exit_code = 4

    def __init__(self, message: str, *, field: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


class ModelError(FinScribeError):
    """A model that cannot be used."""

    code = "model-error"
    exit_code = 5


class ModelNotFound(ModelError):
    """No model under the folder or name given."""

    code = "model-not-found"


class ModelBroken(ModelError):
    """A model folder with files missing, wrong shapes or unreadable weights."""

    code = "model-broken"


class ModelUnreachable(ModelError):
    """A model on another machine that gives no answer, or none of use; it may do so later."""

    code = "model-unreachable"
    retryable = True


class UnsafeModel(ModelError):
    """A model that could only be loaded by running code from it."""

    code = "unsafe-model"


class UnsupportedModel(ModelError):
    """A model of a kind that the chosen backend does not run; another backend may."""

    code = "unsupported-model"


class MissingDependency(FinScribeError):
    """A package or program that is not installed; the hint is the line that installs it."""

    code = "missing-dependency"
    exit_code = 6


class PromptTooLong(FinScribeError):
    """A prompt that does not fit the model's context."""

    code = "prompt-too-long"
    exit_code = 7


class TrainingDataError(FinScribeError):
    """Records that cannot be learned from."""

    code = "training-data"
    exit_code = 4


class RecordError(TrainingDataError):
    """One record that cannot be learned from; `reason` is a short stable code to count by."""

    code = "record-error"

    def __init__(self, message: str, *, reason: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class SourcesError(TrainingDataError):
    """Inputs of which none is there, or a folder without data."""

    code = "sources-error"
    exit_code = 2


class LedgerError(TrainingDataError):
    """A ledger that cannot be read, or is in use by another preparation."""

    code = "ledger-error"


class OutputError(TrainingDataError):
    """A prepared file that cannot be written; what stood in its place is whole."""

    code = "output-error"


class WorkerLost(TrainingDataError):
    """A process that prepared records was ended from outside; what stood in the place of the output is whole."""

    code = "worker-lost"
    retryable = True


class QueueError(FinScribeError):
    """A queue that cannot be read or written, or does not hold what was asked for."""

    code = "queue-error"


class TrainingError(FinScribeError):
    """A training run that cannot start or go on."""

    code = "training-error"
    exit_code = 8


class TrainingStopped(TrainingError):
    """A training run that a signal ended; it goes on from its checkpoint when it is asked to."""

    code = "training-stopped"
    exit_code = 13


class NotReproduced(TrainingError):
    """A model that, saved and loaded afresh, does not read what the trained one did; it was not published."""

    code = "not-reproduced"
    exit_code = 14


class EvaluationError(FinScribeError):
    """An evaluation that cannot start or go on; what was read so far is kept."""

    code = "evaluation-error"
    exit_code = 9


class RegistryError(FinScribeError):
    """A registry that cannot be read or changed, or does not hold what was asked for."""

    code = "registry-error"
    exit_code = 10


class GateRefused(RegistryError):
    """A model that does not pass the gate; nothing was changed."""

    code = "gate-refused"
    exit_code = 11


class BatchError(FinScribeError):
    """A batch that cannot start or go on; what was read so far is kept."""

    code = "batch-error"
    exit_code = 12


class DocumentLost(BatchError):
    """A document whose reading ended every process that tried, mostly for want of memory."""

    code = "document-lost"


class SettingsError(FinScribeError):
    """A setting with a value that is not allowed."""

    code = "settings-error"
    exit_code = 2
