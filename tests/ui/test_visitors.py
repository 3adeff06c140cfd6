"""Clicks are followed at once, and pages that have news are drawn one after the other, when there is no click."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

from sim.ui.visitors import Easel

SOON_S, LONG_S = 0.2, 20.0


@contextmanager
def drawing_news(easel: Easel, go_on: Event) -> Iterator[Event]:
    """Somebody whose page has news and takes until it is told to go on; yields what is set when drawing begins."""
    begun = Event()

    def draw() -> None:
        with easel.for_news():
            begun.set()
            assert go_on.wait(LONG_S)

    other = Thread(target=draw)
    other.start()
    yield begun
    go_on.set()
    other.join()


def test_news_waits_for_a_click() -> None:
    """While a click is followed no page with news is begun."""
    easel, go_on, followed = Easel(LONG_S), Event(), ExitStack()
    followed.enter_context(easel.for_click())
    with drawing_news(easel, go_on) as begun:
        assert not begun.wait(SOON_S)
        followed.close()
        assert begun.wait(LONG_S)


def test_a_click_waits_for_nothing() -> None:
    """While a page with news is drawn, a click is followed all the same."""
    easel, go_on = Easel(), Event()
    with drawing_news(easel, go_on) as begun:
        assert begun.wait(LONG_S)
        with easel.for_click():
            assert not go_on.is_set()


def test_a_click_passes_between_the_parts_of_a_page_that_has_news() -> None:
    """The page with news goes on when the click has been followed."""
    easel, first_part, begun, went_on = Easel(LONG_S), Event(), Event(), Event()

    def draw() -> None:
        with easel.for_news() as let_clicks_pass:
            begun.set()
            assert first_part.wait(LONG_S)
            let_clicks_pass()
            went_on.set()

    other = Thread(target=draw)
    other.start()
    assert begun.wait(LONG_S)
    with easel.for_click():
        first_part.set()
        assert not went_on.wait(SOON_S)
    assert went_on.wait(LONG_S)
    other.join()


def test_news_comes_one_page_after_the_other() -> None:
    """The second begins when the first is over."""
    easel, first, second = Easel(), Event(), Event()
    with drawing_news(easel, first) as one:
        assert one.wait(LONG_S)
        with drawing_news(easel, second) as other:
            assert not other.wait(SOON_S)
            first.set()
            assert other.wait(LONG_S)
            second.set()


def test_news_does_not_wait_for_ever() -> None:
    """Where there is a click at every moment, news comes all the same."""
    easel, go_on = Easel(patience_s=0.01), Event()
    with easel.for_click(), drawing_news(easel, go_on) as begun:
        assert begun.wait(LONG_S)
