"""The command that prints the Slack app: `manifest`."""

import argparse
import json
import re

from bot.slack.manifest import manifest


def show_manifest(options: argparse.Namespace) -> int:
    """The manifest as JSON."""
    print(json.dumps(manifest(options.url), indent=2))
    return 0


def https(text: str) -> str:
    """A public address as Slack takes it."""
    if text and not re.fullmatch(r"https://[\w.-]+(:\d+)?(/[\w./-]*)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an address such as https://spend.example.com")
    return text
