"""Which client looks at the screen of a signed-in browser, so that the way back asks for the password."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out, because one of the databases takes a column that names a table in no other way.
    named = "fk_login_session_turned_to_id"
    op.execute(f"ALTER TABLE login_session ADD COLUMN turned_to_id INTEGER CONSTRAINT {named} REFERENCES client (id)")
