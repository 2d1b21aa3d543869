"""The modals and homes of the fake Slack. A trigger opens one modal, within three seconds (S2)."""

import math
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.fakes.slack_wire import Answer
from tests.slack.limits import view_faults

View = dict[str, Any]


class Views:
    """Views as they stand: `opened` modals in their order, and `homes` by person."""

    def __init__(self) -> None:
        self.opened: list[View] = []
        self.homes: dict[str, View] = {}
        self.trigger_seconds = 3.0
        self._triggers: dict[str, float | None] = {}
        self._numbers = count(1)

    def trigger(self) -> str:
        """A new trigger id."""
        trigger = f"{next(self._numbers)}.7890123.{id(self):x}"
        self._triggers[trigger] = time.monotonic()
        return trigger

    def methods(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        return {"views.open": self._open, "views.update": self._update, "views.publish": self._publish}

    def _open(self, args: dict[str, Any]) -> Answer:
        minted = self._triggers.get(args["trigger_id"], -math.inf)
        if minted is None:
            return Answer.refusal("exchanged_trigger_id")
        if time.monotonic() - minted > self.trigger_seconds:
            return Answer.refusal("expired_trigger_id")
        if wrong := _refused(args["view"], "modal"):
            return wrong
        self._triggers[args["trigger_id"]] = None
        self.opened.append(self._kept(args["view"], f"V{next(self._numbers):08}"))
        return Answer.ok(view=self.opened[-1])

    def _update(self, args: dict[str, Any]) -> Answer:
        """By the id that Slack gave, or by the one that we gave."""
        found = [
            view for view in (*self.opened, *self.homes.values())
            if view["id"] == args.get("view_id")
            or (args.get("external_id") and view.get("external_id") == args["external_id"])
        ]  # fmt: skip
        if not found:
            return Answer.refusal("not_found")
        (view,) = found
        if args.get("hash") not in {None, view["hash"]}:
            return Answer.refusal("hash_conflict")
        if wrong := _refused(args["view"], view["type"]):
            return wrong
        fresh = self._kept(args["view"], view["id"])
        view.clear()
        view.update(fresh)
        return Answer.ok(view=view)

    def _publish(self, args: dict[str, Any]) -> Answer:
        before = self.homes.get(args["user_id"])
        if before and args.get("hash") not in {None, before["hash"]}:
            return Answer.refusal("hash_conflict")
        if wrong := _refused(args["view"], "home"):
            return wrong
        view_id = before["id"] if before else f"V{next(self._numbers):08}"
        self.homes[args["user_id"]] = self._kept(args["view"], view_id)
        return Answer.ok(view=self.homes[args["user_id"]])

    def _kept(self, view: View, view_id: str) -> View:
        """A view as Slack gives it back."""
        given = {"callback_id": "", "private_metadata": "", **view}
        return {"id": view_id, "root_view_id": view_id, "hash": f"{next(self._numbers)}.abc", **given}


def _refused(view: View, kind: str) -> Answer | None:
    wrong = view_faults(view) if view.get("type") == kind else [f"not a {kind}"]
    return Answer.refusal("invalid_arguments", response_metadata={"messages": wrong}) if wrong else None
