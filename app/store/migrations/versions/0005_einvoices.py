"""What the electronic invoice inside a PDF claims, and what an extraction agrees with it on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both are null in what was read before."""
    op.add_column("documents", sa.Column("einvoice", sa.Text))
    op.add_column("extractions", sa.Column("electronic_invoice", sa.Text))


def downgrade() -> None:
    """The way back."""
    op.drop_column("extractions", "electronic_invoice")
    op.drop_column("documents", "einvoice")
