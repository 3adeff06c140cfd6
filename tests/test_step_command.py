"""``importflow step`` tells a run moment by moment."""

from __future__ import annotations

from typer.testing import CliRunner

from sim.cli import app


def told(*options: str) -> list[str]:
    """The lines of the command, which must succeed."""
    result = CliRunner().invoke(app, ["step", "teaching_line", *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_the_first_moment_is_an_arrival_that_is_served_at_once():
    """Three clerks are free; the times are those of seed 1."""
    lines = told("--count", "1")
    assert lines[0].startswith("Mon 2 Nov 00:0")
    assert lines[1:] == [
        "  item 0 arrives",
        "  item 0 joins counter.work",
        "  item 0 starts counter.work (clerks)",
        "  clerks: 1 of 3 busy",
    ]


def test_one_item_can_be_followed_from_a_moment_on():
    """All moments of one item, and nothing before the moment asked for."""
    lines = told("--item", "100", "--from", "2026-11-02 01:00:00")
    moments = [line for line in lines if line.startswith("Mon")]
    assert all(line >= "Mon 2 Nov 01:00" for line in moments)
    assert any("item 100 leaves: delivered" in line for line in lines)


def test_a_wrong_scenario_ends_with_exit_code_2():
    """As everywhere."""
    assert CliRunner().invoke(app, ["step", "no_such_line"]).exit_code == 2
