"""A process that has the bot loaded and forks a fresh one for every command: `python -m bot`, only sooner.

Reads one JSON object a line ({arguments, environment, out, err}), answers the new process's id at once and
its exit status when it ends (negative: the signal that ended it).
"""

import json
import os
import sys

import httpcore  # noqa: F401 - else every command loads it anew

from bot.cli import main


def _become(job: dict[str, object]) -> int:
    """The forked child: streams and environment as a shell would have set them."""
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(str(job[name]), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update({str(key): str(value) for key, value in dict(job["environment"]).items()})  # type: ignore[call-overload]
    sys.argv[0] = "claude-spend"
    try:
        return main([str(argument) for argument in job["arguments"]])  # type: ignore[attr-defined]
    except SystemExit as leaving:
        return int(leaving.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_become(json.loads(line)))
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _serve()
