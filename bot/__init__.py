"""claude-spend: says in Slack, within the hour, that Claude spend has gone wrong, and why."""

VERSION = "0.1.0"
