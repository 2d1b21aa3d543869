"""The demo organisation: Anthropic's API on a local socket, with a story that unfolds as its clock is moved.

>>> from bot.demo import VirtualClock, build_demo, serve
>>> demo = build_demo(seed=7)
>>> with serve(demo, VirtualClock(demo.story_start)) as base_url:
...     base_url.startswith("http://127.0.0.1:")
True
"""

from bot.demo.api.gate import DEMO_KEY
from bot.demo.clock import VirtualClock
from bot.demo.scene import Demo, build_demo
from bot.demo.server import serve
from bot.demo.story import Chapter, calendar_yaml

__all__ = ["DEMO_KEY", "Chapter", "Demo", "VirtualClock", "build_demo", "calendar_yaml", "serve"]
