"""The people of the fake workspace, and what its methods say of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack_wire import Answer

ADA, GRACE, OPS = "U01ADALOVE", "U02GRACE", "S01OPS"


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str = "Europe/London"

    def shown(self) -> dict[str, Any]:
        profile = {"real_name": self.real_name, "display_name": self.name, "email": self.email}
        return {
            "id": self.id, "name": self.name, "real_name": self.real_name, "tz": self.tz, "profile": profile,
        }  # fmt: skip


class People:
    """People by id, and user groups by id with the ids of their members."""

    def __init__(self) -> None:
        known = (
            Person(ADA, "ada", "Ada", "ada@example.com"),
            Person(GRACE, "grace", "Grace", "grace@example.com", "America/New_York"),
        )
        self.people = {person.id: person for person in known}
        self.groups = {OPS: [GRACE]}

    def methods(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        return {
            "users.info": self._info,
            "users.lookupByEmail": self._look_up,
            "usergroups.users.list": self._members,
        }

    def _info(self, args: dict[str, Any]) -> Answer:
        person = self.people.get(args["user"])
        return Answer.ok(user=person.shown()) if person else Answer.refusal("user_not_found")

    def _look_up(self, args: dict[str, Any]) -> Answer:
        found = [person for person in self.people.values() if person.email == args["email"]]
        return Answer.ok(user=found[0].shown()) if found else Answer.refusal("users_not_found")

    def _members(self, args: dict[str, Any]) -> Answer:
        members = self.groups.get(args["usergroup"])
        return Answer.refusal("no_such_subteam") if members is None else Answer.ok(users=members)
