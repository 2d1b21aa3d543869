"""How the history file came to look as it does: one named step after the other, each in a transaction."""

from sqlite_utils import Database, Migrations

from bot.history import places

migrations = Migrations("claude-spend")

NUMBERS = (
    "usd",
    "list_usd",
    "requests",
    "uncached_input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "web_searches",
    "usd_uncached_input",
    "usd_cache_read",
    "usd_cache_write_5m",
    "usd_cache_write_1h",
    "usd_output",
    "usd_web_search",
    "usd_code_execution",
    "usd_session",
    "usd_other",
)
"""The numeric fields of a SpendRow, in its order; dollars are nano-dollars."""

_COMPONENTS = " + ".join(name for name in NUMBERS if name.startswith("usd_"))
"""What every row's `usd` is the sum of."""

DAY_NUMBERS = tuple(name for name in NUMBERS if not name.startswith("usd_"))
"""Those kept by the day; what a day's dollars were spent on is asked of its hours."""


def _integers(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} INTEGER NOT NULL" for name in names)


@migrations()
def m001_spend(db: Database) -> None:
    """Facts and their daily roll-up, clustered by place (day, series, hour), and the hours that were read."""
    for statement in (
        """CREATE TABLE series (
             id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, api_key_id TEXT NOT NULL,
             model TEXT NOT NULL, actor TEXT NOT NULL, product TEXT NOT NULL, service_tier TEXT NOT NULL,
             UNIQUE (workspace_id, api_key_id, model, actor, product, service_tier))""",
        f"""CREATE TABLE fact (
             place INTEGER PRIMARY KEY, {_integers(NUMBERS)}, estimated INTEGER NOT NULL,
             first_seen INTEGER NOT NULL, last_changed INTEGER NOT NULL, CHECK (usd = {_COMPONENTS}))""",
        f"""CREATE TABLE day_total (
             place INTEGER PRIMARY KEY, {_integers(DAY_NUMBERS)}, estimated INTEGER NOT NULL)""",
        """CREATE TABLE coverage (
             hour INTEGER PRIMARY KEY, source TEXT NOT NULL, grain TEXT NOT NULL,
             watermark INTEGER NOT NULL, read_at INTEGER NOT NULL, usd INTEGER NOT NULL)""",
        """CREATE TABLE name (
             kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (kind, id)) WITHOUT ROWID""",
    ):
        db.execute(statement)


@migrations()
def m002_incidents(db: Database) -> None:
    """Incidents, the outbox, job runs and single remembered values."""
    for statement in (
        """CREATE TABLE incident (
             id TEXT PRIMARY KEY, state TEXT NOT NULL, opened_at TEXT NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX incident_by_state ON incident (state, opened_at)",
        """CREATE TABLE delivery (
             id TEXT PRIMARY KEY, incident_id TEXT NOT NULL REFERENCES incident (id), why TEXT NOT NULL,
             channel TEXT NOT NULL, created_at INTEGER NOT NULL, state TEXT NOT NULL,
             attempts INTEGER NOT NULL, next_try_at INTEGER NOT NULL, unsure INTEGER NOT NULL,
             ts TEXT NOT NULL, error TEXT NOT NULL,
             told TEXT NOT NULL, message TEXT NOT NULL)""",
        "CREATE INDEX delivery_by_incident ON delivery (incident_id, channel)",
        "CREATE INDEX delivery_by_state ON delivery (state, next_try_at)",
        """CREATE TABLE job_run (
             id INTEGER PRIMARY KEY, job TEXT NOT NULL, started_at INTEGER NOT NULL,
             ended_at INTEGER, ok INTEGER, said TEXT NOT NULL DEFAULT '')""",
        "CREATE TABLE memory (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ):
        db.execute(statement)


_SERIES_NAMES = """
    s.workspace_id, coalesce(nullif(w.name, ''), s.workspace_id) AS workspace,
    s.api_key_id, coalesce(nullif(k.name, ''), s.api_key_id) AS api_key, s.model,
    coalesce(nullif(p.name, ''), s.actor) AS actor, s.product"""
_SERIES_JOINS = f"""
    JOIN series s ON s.id = {places.SERIES}
    LEFT JOIN name w ON w.kind = 'workspace' AND w.id = s.workspace_id
    LEFT JOIN name k ON k.kind = 'key' AND k.id = s.api_key_id
    LEFT JOIN name p ON p.kind = 'person' AND p.id = s.actor"""
_MEASURES = """
    f.usd / 1e9 AS usd, f.list_usd / 1e9 AS list_usd, f.requests, f.uncached_input_tokens,
    f.cache_read_tokens, f.cache_write_5m_tokens, f.cache_write_1h_tokens, f.output_tokens,
    CASE f.estimated WHEN 0 THEN 'billed' ELSE 'estimated' END AS basis,
    f.usd AS nano_usd, f.list_usd AS nano_list_usd, f.web_searches"""


def _value(path: str) -> str:
    return f"json_extract(body, '$.{path}')"


def _field(name: str) -> str:
    return f"{_value(name)} AS {name}"


_DELIVERIES = """CREATE VIEW deliveries AS
            SELECT id, incident_id, why, channel, state, attempts, ts, error,
              strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at,
              json_extract(message, '$.text') AS text
            FROM delivery"""


@migrations()
def m003_public_views(db: Database) -> None:
    """The views people may query; dollars as REAL for reading, exact nano-dollars beside them."""
    for statement in (
        f"""CREATE VIEW spend_hour AS
            SELECT strftime('%Y-%m-%dT%H:00:00Z', {places.HOUR} * 3600, 'unixepoch') AS hour,
              {_SERIES_NAMES}, {_MEASURES},
              strftime('%Y-%m-%dT%H:%M:%SZ', f.first_seen, 'unixepoch') AS first_seen,
              strftime('%Y-%m-%dT%H:%M:%SZ', f.last_changed, 'unixepoch') AS last_changed
            FROM fact f {_SERIES_JOINS}
            JOIN coverage c ON c.hour = {places.HOUR} AND c.grain = 'hour'""",
        f"""CREATE VIEW spend_day AS
            SELECT strftime('%Y-%m-%d', {places.DAY} * 86400, 'unixepoch') AS day,
              {_SERIES_NAMES}, {_MEASURES}
            FROM day_total f {_SERIES_JOINS}""",
        f"""CREATE VIEW incidents AS
            SELECT id, state, {_field("severity")}, {_field("kind")}, {_field("scope")}, {_field("start")},
              {_field("opened_at")}, {_field("resolved_at")}, {_field("basis")}, {_field("why")},
              {_value("cause.headline")} AS headline, {_value("observed")} / 1e9 AS observed_usd,
              {_value("expected")} / 1e9 AS expected_usd,
              ({_value("observed")} - {_value("expected")}) / 1e9 AS excess_usd
            FROM incident""",
        _DELIVERIES,
        """CREATE VIEW job_runs AS
            SELECT id, job, strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started_at,
              strftime('%Y-%m-%dT%H:%M:%SZ', ended_at, 'unixepoch') AS ended_at, ok, said
            FROM job_run""",
    ):
        db.execute(statement)


@migrations()
def m004_answers(db: Database) -> None:
    """What people said about incidents; and deliveries that are about several incidents at once."""
    columns = """id TEXT PRIMARY KEY, incident_id TEXT NOT NULL, why TEXT NOT NULL,
        channel TEXT NOT NULL, created_at INTEGER NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL, next_try_at INTEGER NOT NULL, unsure INTEGER NOT NULL,
        ts TEXT NOT NULL, error TEXT NOT NULL, told TEXT NOT NULL, message TEXT NOT NULL"""
    for statement in (
        """CREATE TABLE answer (
             id INTEGER PRIMARY KEY, incident_id TEXT NOT NULL REFERENCES incident (id),
             body TEXT NOT NULL)""",
        "DROP VIEW deliveries",
        "ALTER TABLE delivery RENAME TO earlier_delivery",
        f"CREATE TABLE delivery ({columns})",
        "INSERT INTO delivery SELECT * FROM earlier_delivery",
        "DROP TABLE earlier_delivery",
        "CREATE INDEX delivery_by_incident ON delivery (incident_id, channel)",
        "CREATE INDEX delivery_by_state ON delivery (state, next_try_at)",
        _DELIVERIES,
    ):
        db.execute(statement)


@migrations()
def m005_teams(db: Database) -> None:
    """Whose each series is, by the teams of the configuration."""
    db.execute("ALTER TABLE series ADD COLUMN team TEXT NOT NULL DEFAULT ''")


@migrations()
def m006_threads_and_answers(db: Database) -> None:
    """Replies in threads, deliveries that are kept though refused, and what people said for all to read."""
    for statement in (
        "ALTER TABLE delivery ADD COLUMN role TEXT NOT NULL DEFAULT 'message'",
        "ALTER TABLE delivery ADD COLUMN aloud INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE delivery ADD COLUMN refused INTEGER NOT NULL DEFAULT 0",
        "DROP VIEW deliveries",
        _DELIVERIES.replace("SELECT id,", "SELECT id, role,"),
        """CREATE TRIGGER answer_stays BEFORE UPDATE ON answer
             BEGIN SELECT raise(ABORT, 'what was said stays on record'); END""",
        """CREATE TRIGGER answer_is_kept BEFORE DELETE ON answer
             BEGIN SELECT raise(ABORT, 'what was said stays on record'); END""",
        f"""CREATE VIEW answers AS
            SELECT id, incident_id, {_field("verb")}, {_field("actor")}, {_field("actor_id")},
              {_field("at")}, {_field("until")}, {_field("expectation")}, {_field("note")}
            FROM answer""",
    ):
        db.execute(statement)
