"""Which numbers of an extraction were read otherwise so that it adds up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was settled by arithmetic; null in what was read before."""
    op.add_column("extractions", sa.Column("settled", sa.Text))


def downgrade() -> None:
    """The way back."""
    op.drop_column("extractions", "settled")
