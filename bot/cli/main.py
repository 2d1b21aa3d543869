"""Run one command and turn what happens into an exit code."""

import gc
import logging
import os
import sys
from collections.abc import Sequence

from bot.cli.parser import parser
from bot.config import ConfigError
from bot.facts.trouble import Trouble

_GC_THRESHOLDS = (100_000, 20, 100)
"""Pages become many small objects that all live on: at the defaults most of the time would go there."""
log = logging.getLogger(__name__)
FAILED, MISCONFIGURED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `claude-spend ARGUMENTS`; returns the exit code: 0 done, 1 a part failed, 2 wrong configuration."""
    gc.set_threshold(*_GC_THRESHOLDS)
    options = parser().parse_args(arguments)
    _log_to_stderr(verbose=options.verbose)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except (ConfigError, Trouble) as error:
        if options.verbose:
            log.exception("failed")
        for line in str(error).splitlines():
            print(f"claude-spend: {line}", file=sys.stderr)
        return MISCONFIGURED if isinstance(error, ConfigError) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        log.debug("failed", exc_info=True)
        what = " ".join(f"{type(error).__name__}: {error}".split())
        remedy = "run with --verbose and report this as a bug"
        print(f"claude-spend: failed unexpectedly ({what}); {remedy}", file=sys.stderr)
        return FAILED
    return code


def _log_to_stderr(*, verbose: bool) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s" if verbose else "claude-spend: %(message)s",
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a retry that waits its turn is no news
    logging.getLogger("bot").setLevel(logging.DEBUG if verbose else logging.INFO)
