"""The report in one file says the answer, asks nobody for anything, and takes nothing that an author wrote for markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.analysis.words import with_interval
from sim.show import report as module
from sim.show.explain import sources_told
from sim.show.figures import charts_of
from sim.show.report import MOST_ROWS, Told, contents, difference_grid, frame_grid, report
from sim.study.paired import difference_in, verdict
from sim.study.replicate import Result, Settings, replicate
from tests.show.results import made, site

TOLD = Told("Small site", "importflow run small_site --seed 7", link="scenario=small_site&seed=7")


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What charts look like is tested elsewhere."""
    monkeypatch.setattr(module, "image", lambda chart: chart.name.encode())


@pytest.fixture(scope="module")
def changed() -> Result:
    """The small site with more packers, on the luck of its base."""
    return replicate(site("teams.packers.shifts.early.staff=4"), Settings(seed=7, replications=2, engine="simpy"))


class Reader(HTMLParser):
    """Reads a page: its tags with their attributes, its text, and whether every tag was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words of the page, with single blanks."""
        return re.sub(r"\s+", " ", " ".join(self.words))


def read(text: str) -> Reader:
    """A page, read to its end."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_it_says_question_answer_numbers_assumptions_checks_and_how_to_repeat(any_result: Result) -> None:
    """Of every kind of result; each chart with its words and its table, each source with its trust."""
    page = read(report(any_result, TOLD))
    assert any_result.file.scenario.question in page.text
    assert re.sub(r"\s+", " ", any_result.sentence) in page.text
    charts = charts_of(any_result)
    pictures = [about for tag, about in page.tags if tag == "img"]
    assert [picture["alt"] for picture in pictures] == [chart.alt for chart in charts.values()]
    assert sum(tag == "details" for tag, _ in page.tags) == len(charts) + 1
    for figure, trust, source in sources_told(any_result.file):
        assert re.sub(r"\s+", " ", f"{figure} {trust} {source}") in page.text
    assert TOLD.command in page.text
    assert any_result.file.digest in page.text
    assert with_interval(any_result.measures["unfinished"]) in page.text


def test_it_loads_nothing_from_anywhere(site_result: Result) -> None:
    """No script, no address but those inside the file, and a policy of its own that forbids them."""
    page = read(report(site_result, TOLD))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "form", "base"}
    sources = [value or "" for _, about in page.tags for name, value in about.items() if name in ("src", "href")]
    assert sources
    assert all(source.startswith(("data:image/png;base64,", "#")) for source in sources)
    policy = next(about["content"] for _, about in page.tags if about.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_links_within_the_page_lead_somewhere(site_result: Result, changed: Result) -> None:
    """Every entry of the contents has its heading."""
    page = read(report(changed, TOLD, site_result))
    wanted = {(about["href"] or "")[1:] for tag, about in page.tags if tag == "a"}
    assert len(wanted) == 7
    assert wanted == {about["id"] for tag, about in page.tags if tag == "h2"}


def test_what_an_author_wrote_is_text() -> None:
    """Neither question, label, source nor command can put markup into the page."""
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    file = site(f"question='{nasty}?'", f"flows.bulk.label='{nasty}'", f"sources.costs.source='{nasty}'", "sources.costs.trust=G")  # fmt: skip
    result = replicate(file, Settings(seed=7, replications=2, engine="simpy"))
    page = read(report(result, Told(nasty, nasty, (nasty,), nasty)))
    assert not [tag for tag, about in page.tags if tag == "script" or "onerror" in about]
    assert page.text.count("<script>alert(1)</script>") >= 6


def test_differences_are_those_of_the_paired_intervals(site_result: Result, changed: Result) -> None:
    """For every headline measure both values and the verdict on equal luck; what was changed stands in words."""
    grid = difference_grid(changed, site_result)
    row = next(row for row in grid.rows if row[0] == "95 of 100 delivered within")
    name = "delivery_time.p95"
    gap = difference_in(name, site_result.runs, changed.runs)
    assert gap is not None
    assert row[1:3] == (with_interval(site_result.measures[name]), with_interval(changed.measures[name]))
    assert row[3] == verdict(gap, name, "the base", "this plan")
    page = read(report(changed, TOLD, site_result))
    assert "teams.packers.shifts.early.staff: 2 -> 4" in page.text
    assert row[3] in page.text
    assert "What was changed" not in read(report(site_result, TOLD)).text


def test_it_is_a_pure_function(site_result: Result) -> None:
    """The same result gives the same text, letter for letter, and says how far it is while it is made."""
    said: list[float] = []
    assert report(site_result, TOLD, None, said.append) == report(site_result, TOLD)
    assert said == sorted(said)
    assert said[-1] == 1.0


def test_a_check_that_failed_stands_out() -> None:
    """A law that was broken is said as broken."""
    broken = replace(made("teaching line"), checks={"little": False, "conserved": True})
    assert contents(broken, TOLD, None)["checks"] == [
        ("Little's law holds to the millisecond", False),
        ("what came in went out or is inside", True),
    ]
    assert "Little's law holds to the millisecond: broken" in read(report(broken, TOLD)).text


def test_a_long_table_says_how_many_rows_are_left_out() -> None:
    """Its first rows stand there; the workbook has them all."""
    chart = charts_of(made("longer than a week"))["queues"]
    grid = frame_grid(chart.table)
    assert (len(grid.rows), grid.more) == (MOST_ROWS, len(chart.table) - MOST_ROWS)
    assert grid.more > 0
    assert f"and {grid.more} more rows" in read(report(made("longer than a week"), TOLD)).text
