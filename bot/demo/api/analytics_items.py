"""Rows of reports C and D as JSON text. Written by hand: pages are large and groups repeat."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.demo.api.analytics_rows import Rows
from bot.demo.api.exchange import cents, stamp
from bot.demo.facts import COMPONENTS
from bot.demo.prices import KINDS, OUTPUT, READ, UNCACHED, WRITE_1H, WRITE_5M


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a row's cost that is a row of its own: components [first, last)."""

    cost_type: str | None
    token_type: str | None
    first: int
    last: int


_WHOLE = Part(None, None, 0, len(COMPONENTS))
_TOKENS = Part("tokens", None, 0, len(KINDS))
_EACH_KIND = tuple(Part("tokens", kind, i, i + 1) for i, kind in enumerate(KINDS))
_OTHERS = tuple(Part(name, None, i, i + 1) for i, name in enumerate(COMPONENTS) if name not in KINDS)


def _parts(kinds: tuple[str, ...]) -> tuple[Part, ...]:
    """How cost rows fan out; `token_type` alone leaves out what is not tokens (reference 4.2)."""
    if "token_type" in kinds:
        return (*_EACH_KIND, *_OTHERS) if "cost_type" in kinds else _EACH_KIND
    return (_TOKENS, *_OTHERS) if kinds else (_WHOLE,)


@dataclass(frozen=True, slots=True)
class Report:
    """Rows and the texts they are made of: a head for every bucket, a group for every label and part."""

    rows: Rows
    parts: tuple[Part, ...]
    heads: Sequence[str]
    groups: Sequence[Sequence[str]]

    def items(self, begin: int, end: int) -> Iterator[str]:
        """Rows begin to end, each as one or, fanned out, several JSON objects."""
        return (_cost_items if self.rows.query.report == "cost" else _usage_items)(self, begin, end)


def write_report(rows: Rows, groups: Sequence[Mapping[str, object]]) -> Report:
    """Prepare the texts of `rows`, whose labels read as `groups`."""
    parts = _parts(rows.query.kinds)
    heads = [f'{{"starting_at":"{stamp(a)}","ending_at":"{stamp(b)}","group":' for a, b in rows.bounds]
    endings = [_ending(part) if rows.query.report == "cost" else "}" for part in parts]
    texts = [[text[:-1] + ending for ending in endings] for text in map(_compact, groups)]
    return Report(rows, parts, heads, texts)


def _ending(part: Part) -> str:
    """What a cost row's group says after its dimensions."""
    return "," + _compact({"cost_type": part.cost_type, "token_type": part.token_type})[1:]


def _compact(content: Mapping[str, object]) -> str:
    return json.dumps(content, separators=(",", ":"))


def _cost_items(report: Report, begin: int, end: int) -> Iterator[str]:
    rows, fanned_out = report.rows, len(report.parts) > 1
    group, bucket = rows.group[begin:end], rows.bucket[begin:end]
    paid = rows.values["nano"][group, bucket].tolist()
    listed = rows.values["list_nano"][group, bucket].tolist()
    requests = rows.values["requests"][group, bucket].tolist()
    for row, (label, when) in enumerate(zip(group.tolist(), bucket.tolist(), strict=True)):
        head, texts = report.heads[when], report.groups[label]
        count = "null" if fanned_out else requests[row]
        for part, text in zip(report.parts, texts, strict=True):
            full = sum(listed[row][part.first : part.last])
            if full:
                amount = cents(sum(paid[row][part.first : part.last]))
                money = f'"amount":"{amount}","list_amount":"{cents(full)}","currency":"USD"'
                yield f'{head}{text},"cost":{{{money},"requests":{count}}}}}'


def _usage_items(report: Report, begin: int, end: int) -> Iterator[str]:
    rows = report.rows
    group, bucket = rows.group[begin:end], rows.bucket[begin:end]
    tokens = rows.values["tokens"][group, bucket].tolist()
    requests = rows.values["requests"][group, bucket].tolist()
    searches = rows.values["searches"][group, bucket].tolist()
    for row, (label, when) in enumerate(zip(group.tolist(), bucket.tolist(), strict=True)):
        counts = tokens[row]
        usage = {
            **token_counts(counts),
            "total_tokens": sum(counts),
            "server_tool_use": {"web_search_requests": searches[row]},
            "requests": requests[row],
        }
        yield f'{report.heads[when]}{report.groups[label][0]},"usage":{_compact(usage)}}}'


def token_counts(counts: Sequence[int]) -> dict[str, object]:
    """The five counts as reports write them: cache writes nested."""
    return {
        "uncached_input_tokens": counts[UNCACHED],
        "cache_creation": {
            "ephemeral_5m_input_tokens": counts[WRITE_5M],
            "ephemeral_1h_input_tokens": counts[WRITE_1H],
        },
        "cache_read_input_tokens": counts[READ],
        "output_tokens": counts[OUTPUT],
    }
