"""`python -m bot` is `claude-spend`."""

import sys

from bot.cli import main

sys.exit(main())
