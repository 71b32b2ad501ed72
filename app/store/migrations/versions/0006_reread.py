"""For which checks the lines of an extraction were read once more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Null in what was read before."""
    op.add_column("extractions", sa.Column("reread", sa.Text))


def downgrade() -> None:
    """The way back."""
    op.drop_column("extractions", "reread")
