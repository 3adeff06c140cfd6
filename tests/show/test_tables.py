"""Results as tables in a terminal, and scenarios told in words."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console, RenderableType

from sim.analysis.load import offered_load
from sim.analysis.words import with_interval
from sim.plan.compile import compile_plan
from sim.show.tables import checks, load_by_day, percent, report
from sim.study.replicate import Result
from tests.show.results import made, run, site


def printed(what: RenderableType, width: int) -> str:
    """What a terminal of that width shows."""
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    console.print(what)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def row(text: str, first: str) -> list[str]:
    """The cells of the row that begins with a word."""
    [line] = [line for line in text.splitlines() if line.startswith(first)]
    return re.split(r"\s{2,}", line.strip())


@pytest.mark.parametrize("width", [80, 120])
def test_a_report_fits_its_terminal_and_says_the_sentence_first(any_result: Result, width: int) -> None:
    """No line is longer than the terminal is wide, and no number is torn from its unit."""
    text = printed(report(any_result, width), width)
    assert max(map(len, text.splitlines())) <= width
    assert " ".join(text.split()).startswith(any_result.sentence)
    assert not re.search(r"^\s*(%|(h|min|to)\b)", text, flags=re.MULTILINE)


def test_the_report_has_the_measured_numbers(site_result: Result) -> None:
    """Headline, promises, stages and teams each show a number that is looked up by its measure's name."""
    text = printed(report(site_result), 80)
    measures = site_result.measures
    late = measures["late.delivery_48h"].mean
    assert row(text, "delivered within 48 h")[2] == f"{100 * late:.1f} %"
    assert row(text, "packing")[3] == f"{measures['queue.packing.most'].mean:g}"
    assert row(text, "packers")[3] == f"{100 * measures['utilisation.packers'].mean:.1f} %".replace(".0 %", " %")
    assert row(text, "  early")[-1] == f"{100 * measures['utilisation.packers.early'].mean:.1f} %".replace(".0 %", " %")
    assert row(text, "cost per order (CNY)")[1].startswith(f"{measures['cost.per_order'].mean:.2f}")


def test_the_hours_of_the_report_make_the_whole(site_result: Result) -> None:
    """The shares of the parts add up to 100 %, but for what rounding to a tenth leaves."""
    text = printed(report(site_result), 80)
    block = text[text.index("Where the hours went") : text.index("Checks")]
    parts = block[: block.index("\nall ")]
    shares = [float(share) for share in re.findall(r"([\d.]+) %$", parts, flags=re.MULTILINE)]
    assert sum(shares) == pytest.approx(100, abs=0.06 * len(shares))
    assert "of it in later attempts" in block


def test_a_plan_without_delivery_shows_no_second_row_of_times(teaching_result: Result) -> None:
    """Where dispatch is delivery it is told once."""
    text = printed(report(teaching_result), 80)
    assert "95 of 100 delivered within" in text
    assert "dispatched" not in text
    assert "Promises" not in text


def test_checks_that_fail_are_named_first() -> None:
    """A law that is broken stands before those that hold."""
    said = checks({"little": True, "conserved": False}).plain
    assert (
        said == "BROKEN: what came in went out or is inside. Checks that hold: Little's law holds to the millisecond. "
    )


@pytest.mark.parametrize(
    ("load", "style"), [(0.84, ""), (0.85, "yellow"), (1.0, "yellow"), (1.004, "bold red"), (float("inf"), "bold red")]
)
def test_loads_are_marked_from_85_and_above_100_percent(load: float, style: str) -> None:
    """The limits are those of the charts."""
    assert percent(load).style == style


def test_load_by_day_has_a_row_a_day_and_the_worst() -> None:
    """Eight days of the site; the row of the worst day repeats the highest of them within the measured days."""
    file = site("clock.length=8 d", "clock.measure=7 d", "clock.end=horizon")
    load = offered_load(compile_plan(file.scenario, 7))
    [table] = load_by_day(load, file.scenario)
    text = printed(table, 80)
    packers = [int(row(text, day)[2]) for day in ("Mon 2 Nov", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    assert len(packers) == 7
    expected = load[load["team"] == "packers"]["load"]
    assert packers == [round(100 * value) for value in expected[:7]]
    assert row(text, "worst day")[2] == f"{round(100 * expected[:8].max())} %"


def test_days_off_are_a_dash() -> None:
    """Nobody packs on Saturday and Sunday, whatever comes in then."""
    early = "teams.packers.shifts.early.days=mon-fri", "teams.packers.shifts.late.days=mon-fri"
    file = site("clock.length=7 d", "clock.measure=6 d", "clock.end=horizon", *early)
    [table] = load_by_day(offered_load(compile_plan(file.scenario, 7)), file.scenario)
    text = printed(table, 80)
    assert [row(text, day)[2] for day in ("Sat", "Sun")] == ["-", "-"]


def test_teams_that_do_not_fit_come_in_a_second_table() -> None:
    """At 24 columns each team has a table of its own, and headings keep their words whole."""
    file = site()
    tables = load_by_day(offered_load(compile_plan(file.scenario, 7)), file.scenario, 24)
    texts = [printed(table, 24) for table in tables]
    assert ["officers" in text for text in texts] == [True, False]
    assert ["packers" in text for text in texts] == [False, True]


def test_an_overloaded_plan_is_told_with_what_is_not_known() -> None:
    """Where most are still under way the quantiles say so instead of a number."""
    text = printed(report(made("overloaded")), 80)
    assert row(text, "95 of 100 delivered within")[1] == "not known yet"


def test_recovery_and_failure_rates_have_tables_of_their_own() -> None:
    """One row for each disruption and each customs stage; columns of failures only for what was looked at."""
    storm = "disruptions.storm={label: a storm, from: 2026-11-03 08:00, to: 2026-11-03 20:00, transport: [delivery]}"
    result = run(site(storm, "clock.length=3 d"))
    text = printed(report(result), 100)
    assert row(text, "a storm")[1:] == [
        with_interval(result.measures[f"recovery.storm.{until}"]) for until in ("dispatch", "delivery")
    ]
    [heading] = [line for line in text.splitlines() if "opened parcel" in line]
    assert "X-ray image" not in heading
