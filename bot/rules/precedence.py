"""What rules keep others from saying, and who is to be told."""

from collections.abc import Sequence

from bot.detect.reduce import MOST
from bot.facts.directory import Directory
from bot.facts.finding import Finding, Part
from bot.facts.incident import Incident
from bot.facts.scope import Scope
from bot.rules.language import DETECTION, Route
from bot.rules.matching import covers
from bot.rules.rulebook import Rulebook, folded
from bot.rules.values import OWNER


def unsuppressed(findings: Sequence[Finding], rulebook: Rulebook) -> list[Finding]:
    """The findings that remain when rules that suppress others have their way."""
    quiet = {
        rule.name: {folded(name) for name in rule.suppresses} for rule in rulebook.rules if rule.suppresses
    }
    louder = [(finding, quiet[finding.rule]) for finding in findings if finding.rule in quiet]
    return [
        finding
        for finding in findings
        if not any(
            folded(finding.rule or DETECTION) in names and one is not finding and _covers(one, finding.parts)
            for one, names in louder
        )
    ]


def _covers(louder: Finding, parts: Sequence[Part]) -> bool:
    """Whether most of these dollars are a rule's too."""
    own = {part.scope for part in louder.parts}
    whole = sum(part.excess for part in parts)
    shared = sum(part.excess for part in parts if part.scope in own or louder.scope.covers(part.scope))
    return shared >= MOST * whole if whole else False


def addressees(
    incident: Incident, scope: Scope, rulebook: Rulebook, directory: Directory, everybody: str
) -> tuple[str, ...]:
    """Who is told of an incident: for every rule it breaks its route, or as what needs no rule is told.

    That is the first route with a `to` that fits, else everybody; and every fitting `also` besides. `scope`
    is the incident's, with its team. An owner is told by e-mail address; where none is known, everybody is.
    """
    fitting = [route for route in rulebook.routes if _fits(route, incident, scope, directory)]
    general = next((route.to for route in fitting if route.to), ()) or (everybody,)
    routes = {rule.name: rule.route for rule in rulebook.rules}
    told = [routes.get(name) or general for name in (incident.rule, *incident.breaks)]
    owner = _owner(scope, directory)
    instead = [_reached(some, owner) or (everybody,) for some in told]
    besides = [_reached(route.also, owner) for route in fitting]
    return tuple(dict.fromkeys(who for some in (*instead, *besides) for who in some))


def _reached(named: Sequence[str], owner: str) -> tuple[str, ...]:
    """Who is meant, with the owner's address in place of the word; nobody where it is not known."""
    return tuple(filter(None, (owner if who == OWNER else who for who in named)))


def _owner(scope: Scope, directory: Directory) -> str:
    """The e-mail address of who a scope is about, or of who owns its key; empty if unknown."""
    key = directory.keys.get(scope.api_key_id or "")
    person = directory.people.get(scope.actor or (key.owner if key else ""))
    return person.email if person else ""


def _fits(route: Route, incident: Incident, scope: Scope, directory: Directory) -> bool:
    urgent = incident.severity.rank >= route.severity.rank
    return urgent and covers(route.where.patterns(), scope, directory)
