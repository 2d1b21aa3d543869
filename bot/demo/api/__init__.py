"""Anthropic's organisation API as pure functions: a request in, an answer out."""
