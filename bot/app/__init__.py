"""The composition root: the only place that builds concrete things and reads the clock."""

from bot.app.conversation import Conversation
from bot.app.files import rule_texts, working_on
from bot.app.machine import Machine, real_machine
from bot.app.service import Service
from bot.app.telling import telling_of

__all__ = ["Conversation", "Machine", "Service", "real_machine", "rule_texts", "telling_of", "working_on"]
