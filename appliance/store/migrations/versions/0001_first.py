"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("opens", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days")),
    )
    op.create_index(
        "uq_days_one_open",
        "days",
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "desks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desks")),
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("setup", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "printers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printers")),
    )
    op.create_table(
        "replies",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_replies")),
    )
    op.create_table(
        "services",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("desks", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_services")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_table(
        "topics",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_topics")),
    )
    op.create_table(
        "counters",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_counters_day")),
        sa.PrimaryKeyConstraint("day", "service", name=op.f("pk_counters")),
    )
    op.create_table(
        "desk_services",
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desks.id"], name=op.f("fk_desk_services_desk")),
        sa.ForeignKeyConstraint(["service"], ["services.code"], name=op.f("fk_desk_services_service")),
        sa.PrimaryKeyConstraint("desk", "service", name=op.f("pk_desk_services")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("printer", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("slip", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_jobs_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_day_number"), "jobs", ["day", "number"], unique=False)
    op.create_index(
        "ix_jobs_owed",
        "jobs",
        ["printer", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed')"),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("running", sa.Float(), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_journal_day")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_day_seq"), "journal", ["day", "seq"], unique=False)
    op.create_table(
        "service_topics",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.code"], name=op.f("fk_service_topics_service")),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_service_topics_topic")),
        sa.PrimaryKeyConstraint("service", "topic", name=op.f("pk_service_topics")),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("kiosk", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_visits_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("secret", name=op.f("uq_visits_secret")),
    )
    op.create_index(op.f("ix_visits_day"), "visits", ["day"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("call_seq", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("issued_running", sa.Float(), nullable=False),
        sa.Column("issued_boot", sa.String(), nullable=False),
        sa.Column("since_at", sa.String(), nullable=False),
        sa.Column("since_running", sa.Float(), nullable=False),
        sa.Column("since_boot", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_tickets_day")),
        sa.ForeignKeyConstraint(["visit"], ["visits.id"], name=op.f("fk_tickets_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("day", "number", name=op.f("uq_tickets_day_number")),
    )
    op.create_index(
        "ix_tickets_live",
        "tickets",
        ["day", "service"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'called', 'serving', 'held', 'no_show')"),
        postgresql_where=sa.text("state IN ('waiting', 'called', 'serving', 'held', 'no_show')"),
    )
    op.create_index(op.f("ix_tickets_visit"), "tickets", ["visit"], unique=False)
    op.create_index(
        "uq_tickets_one_desk_per_visit",
        "tickets",
        ["visit"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_tickets_one_per_desk",
        "tickets",
        ["day", "desk"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["days.id"], name=op.f("fk_appeals_day")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_appeals_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_day"), "appeals", ["day"], unique=False)
    op.execute("INSERT INTO journal_head (id, seq, setup) VALUES (1, 0, 0)")
