"""One message a second and channel, and no sooner than Slack asks."""

from bot.slack.pacing import Pacing


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pacing() -> tuple[Clock, Pacing]:
    clock = Clock()
    return clock, Pacing(lambda: clock.now, clock.sleep)


def test_a_channel_is_written_to_once_a_second() -> None:
    clock, pace = pacing()
    for _ in range(4):
        pace.wait("C1")
    assert clock.slept == [1.0, 1.0, 1.0]


def test_channels_do_not_wait_for_one_another() -> None:
    clock, pace = pacing()
    for channel in ("C1", "C2", "C3"):
        pace.wait(channel)
    assert clock.slept == []


def test_who_comes_later_anyway_does_not_wait() -> None:
    clock, pace = pacing()
    pace.wait("C1")
    clock.now += 0.75
    pace.wait("C1")
    clock.now += 5
    pace.wait("C1")
    assert clock.slept == [0.25]


def test_a_method_that_was_throttled_is_left_alone_for_so_long() -> None:
    clock, pace = pacing()
    pace.hold("chat.postMessage", 30.0)
    assert (pace.held("chat.postMessage"), pace.held("chat.update")) == (30.0, 0.0)
    clock.now += 31
    assert pace.held("chat.postMessage") == 0.0
