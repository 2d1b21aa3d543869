"""What `claude-spend run` holds in memory after its first cycle on the demo organisation (from /proc)."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure
from bot.demo import DEMO_KEY, VirtualClock, build_demo, serve
from bot.history.connection import connect

_STORY_DAYS = timedelta(days=5, minutes=35)
_MOST_MIB = 150.0
_KIB_PER_MIB = 1024
_GLANCE_SECONDS = 0.5
_PATIENCE_SECONDS = 180.0


def figures() -> Iterator[Figure]:
    """Resident now, and at most."""
    demo = build_demo()
    clock = VirtualClock(demo.story_start + _STORY_DAYS)
    with tempfile.TemporaryDirectory() as folder, serve(demo, clock) as base_url:
        history = Path(folder) / "history.db"
        command = [sys.executable, "-m", "bot", "run", "--now", clock.now().isoformat()]
        with subprocess.Popen(command, env=_environment(base_url, history)) as process:
            facts = _first_cycle(process, history)
            resident = _mib(process.pid)
            process.terminate()
    yield Figure(f"memory: resident after a cycle, {facts:,} rows", resident["VmRSS"], "MiB", most=_MOST_MIB)
    yield Figure("memory: the most it ever was", resident["VmHWM"], "MiB")


def _environment(base_url: str, history: Path) -> dict[str, str]:
    rules = history.parent / "rules"
    rules.mkdir()
    return os.environ | {
        "ANTHROPIC_ADMIN_KEY": DEMO_KEY,
        "CLAUDE_SPEND__ANTHROPIC__BASE_URL": base_url,
        "CLAUDE_SPEND__ANTHROPIC__REQUESTS_PER_MINUTE": "100000",
        "CLAUDE_SPEND__HISTORY__PATH": str(history),
        "CLAUDE_SPEND__RULES__PATH": str(rules),
    }


def _first_cycle(process: subprocess.Popen[bytes], history: Path) -> int:
    """Wait until everything was told; the number of facts stored by then."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        time.sleep(_GLANCE_SECONDS)
        if facts := _facts_when_told(history):
            return facts
    process.kill()
    raise RuntimeError("the service did not finish its first cycle; what it said stands above")


def _facts_when_told(history: Path) -> int:
    """0 while the first cycle is under way."""
    query = "SELECT (SELECT count(*) FROM fact) FROM job_runs WHERE job = 'deliver' AND ended_at IS NOT NULL"
    try:
        with closing(connect(history)) as db:
            found = db.execute(query).fetchone()
    except sqlite3.OperationalError:
        return 0  # the tables are still being made
    return int(found[0]) if found else 0


def _mib(process: int) -> dict[str, float]:
    lines = (line.split() for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines())
    return {name.rstrip(":"): int(rest[0]) / _KIB_PER_MIB for name, *rest in lines if name.startswith("Vm")}
