FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

RUN useradd --uid 10001 --no-create-home claude-spend && install -d -m 0700 -o claude-spend -g claude-spend /data
WORKDIR /app

# What changes seldom comes first, so that an edit of the bot does not fetch everything again.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN pip install --no-deps --no-build-isolation .

# The rules it starts with; mount your own folder over them.
COPY rules rules

ENV CLAUDE_SPEND__HISTORY__PATH=/data/history.db
VOLUME /data
USER claude-spend
CMD ["claude-spend", "run"]
