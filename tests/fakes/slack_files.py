"""The files of the fake Slack: uploaded in three steps, and looked through before they may be shown (S6)."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack_wire import Answer


@dataclass
class File:
    """A file on its way: `content` once it was uploaded, `complete` after the third step."""

    id: str
    name: str
    alt_text: str
    title: str = ""
    content: bytes | None = None
    complete: bool = False
    polls: int = 0


class Files:
    """Files by id; uploads are taken below `address`.

    After the third step a file is being looked through while `files.info` is asked `polls_until_ready` times.
    """

    def __init__(self, address: str) -> None:
        self.files: dict[str, File] = {}
        self.polls_until_ready = 0
        self._address = address

    def methods(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        return {"files.getUploadURLExternal": self._begin, "files.info": self._info}

    def upload(self, file_id: str, content: bytes) -> Answer:
        """The second step."""
        if file_id not in self.files:
            return Answer.text("file_not_found", 404)
        self.files[file_id].content = content
        return Answer.text(f"OK - {len(content)}")

    def complete(self, args: dict[str, Any]) -> Answer:
        """The third step."""
        titles = {each["id"]: each.get("title", "") for each in args["files"]}
        files = [self.files[file_id] for file_id in titles if file_id in self.files]
        if len(files) < len(titles) or any(file.content is None for file in files):
            return Answer.refusal("file_not_found")
        for file in files:
            file.complete, file.title = True, titles[file.id]
        return Answer.ok(files=[{"id": file.id, "title": file.title} for file in files])

    def unready(self, blocks: Sequence[dict[str, Any]]) -> list[str]:
        """What Slack says of pictures that cannot be shown yet, or at all."""
        shown = [block.get("slack_file") for block in blocks]
        return [
            f"invalid slack file [json-pointer:/blocks/{at}/slack_file]"
            for at, file in enumerate(shown)
            if file and not self._is_ready(file.get("id", ""))
        ]

    def _is_ready(self, file_id: str) -> bool:
        file = self.files.get(file_id)
        return file is not None and file.complete and file.polls >= self.polls_until_ready

    def _begin(self, args: dict[str, Any]) -> Answer:
        if not args.get("filename") or not int(args.get("length") or 0):
            return Answer.refusal("missing_argument")
        if len(args.get("alt_txt") or "") > 1000:
            return Answer.refusal("alt_txt_too_large")
        file = File(f"F{len(self.files) + 1:08}", args["filename"], args.get("alt_txt") or "")
        self.files[file.id] = file
        return Answer.ok(upload_url=f"{self._address}/upload/{file.id}", file_id=file.id)

    def _info(self, args: dict[str, Any]) -> Answer:
        file = self.files.get(args["file"])
        if file is None or not file.complete:
            return Answer.refusal("file_not_found")
        kind = mimetypes.guess_type(file.name)[0] if self._is_ready(file.id) else ""
        file.polls += 1
        size = len(file.content or b"")
        shown = {"id": file.id, "name": file.name, "title": file.title, "mimetype": kind, "size": size}
        return Answer.ok(file=shown)
