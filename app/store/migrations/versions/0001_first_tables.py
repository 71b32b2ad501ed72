"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """The first tables."""
    _documents()
    _pages()
    _extractions()
    _reviews()
    _outbox()
    _audit()
    _requests()


def downgrade() -> None:
    """The way back."""
    for table in ("requests", "audit", "outbox", "reviews", "extractions", "pages", "documents"):
        op.drop_table(table)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("handed_over", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("page_count", sa.Integer),
        sa.Column("language", sa.String(20)),
        sa.Column("problem", sa.Text),
        sa.Column("summary", sa.Text),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("vendor_key", sa.String(255)),
        sa.Column("new_vendor", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Double),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("worth", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index("ix_documents_state_worth", "documents", ["state", "worth", "id"])
    op.create_index("ix_documents_created", "documents", ["created_at", "id"])
    op.create_index("ix_documents_vendor", "documents", ["vendor_key"])
    op.create_index("ix_documents_handed_over", "documents", ["handed_over", "state"])


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("width", sa.Double),
        sa.Column("height", sa.Double),
        sa.Column("unit", sa.String(2)),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("rotation", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("picture", sa.Text),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "number"),
    )


def _extractions() -> None:
    op.create_table(
        "extractions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("invoice", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("doubt", sa.Double, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("grounding", sa.String(20), nullable=False),
        sa.Column("seconds", sa.Text, nullable=False),
        sa.Column("forward_passes", sa.Integer, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "run"),
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("extraction_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("invoice", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("reviewer", sa.String(255)),
        sa.Column("seconds", sa.Double),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["extraction_id"], ["extractions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "version"),
    )
    op.create_index("ix_reviews_extraction_id", "reviews", ["extraction_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("review_id", sa.Integer),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("refused", sa.Text),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("document_id", "done_at", "review_id"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(255)),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("document_id", sa.String(32)),
        sa.Column("detail", sa.Text),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_document_id", "audit", ["document_id"])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("document_ids", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
