"""The commands that ask many runs: what they print, write and refuse."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.study.worlds import DESK
from tests.test_cli import told

QUICK = ("--replications", "3", "--workers", "1")
SOURCES = "sources: {stages.desk.work: {trust: G, source: a guess, low: 10 min, high: 15 min}}\n"


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """A scenario file."""
    path = tmp_path / "desk.yaml"
    path.write_text(DESK + SOURCES)
    return str(path)


def as_json(*arguments: str) -> Any:
    """What a command prints for programs."""
    return json.loads(told(*arguments, "--format", "json")[0])


def test_compare_says_for_each_pair_and_measure_what_differs(desk: str, tmp_path: Path) -> None:
    """Difference, interval and verdict; the same in words, and what differs between the plans; tables in a folder."""
    variant = ("--variant", "teams.clerks.shifts.day.staff=5; teams.clerks.wage=40")
    found = as_json("compare", desk, *variant, *QUICK)
    (pair,) = found["pairs"]
    row = pair["measures"]["delivery_time.p90"]
    assert row["difference"] < 0
    assert {"difference", "low", "high", "verdict"} <= row.keys()
    assert found["differs"][pair["other"]] == ["teams.clerks.wage: 30 -> 40", "teams.clerks.shifts.day.staff: 3 -> 5"]
    out, _ = told("compare", desk, *variant, *QUICK, "--measure", "wait.desk.mean", "--out", str(tmp_path / "out"))
    assert (
        "B differs from A in 2 places:\n  teams.clerks.wage: 30 -> 40\n  teams.clerks.shifts.day.staff: 3 -> 5" in out
    )
    assert "wait.desk.mean" in out
    assert "delivery_time" not in out
    assert len(pd.read_parquet(tmp_path / "out" / "pairs.parquet")) == len(pair["measures"])


def test_a_scenario_compared_with_itself_is_the_same(desk: str) -> None:
    """Exactly."""
    found = as_json("compare", desk, desk, *QUICK)
    differences = [row["difference"] for row in found["pairs"][0]["measures"].values()]
    assert set(differences) <= {0.0, None}
    assert 0.0 in differences


def test_a_sweep_prints_a_row_a_point_and_writes_tables_and_a_chart(desk: str, tmp_path: Path) -> None:
    """One tidy table as CSV and Parquet, and a picture."""
    vary = ("--vary", "teams.clerks.shifts.day.staff=3,4", "--vary", "stages.desk.work=10 min,12 min")
    out, _ = told("sweep", desk, *vary, *QUICK, "--out", str(tmp_path / "out"))
    assert out.count("clerks") >= 4
    table = pd.read_csv(tmp_path / "out" / "sweep.csv")
    assert table["point"].nunique() == 4
    assert len(pd.read_parquet(tmp_path / "out" / "sweep.parquet")) == len(table)
    assert (tmp_path / "out" / "sweep.png").read_bytes()[:4] == b"\x89PNG"
    assert [point["bottleneck"] for point in as_json("sweep", desk, *vary, *QUICK)["points"]] == ["clerks"] * 4


def test_many_points_are_run_only_when_asked_for_twice(desk: str) -> None:
    """1,001 of them."""
    wages = ",".join(str(wage) for wage in range(1001))
    _, err = told("sweep", desk, "--vary", f"teams.clerks.wage={wages}", code=2)
    assert err == "error: these are 1,001 points of 10 runs each; say --yes to run more than 1,000\n"


def test_sensitivity_and_one_more_print_their_tables(desk: str, tmp_path: Path) -> None:
    """Sorted; the chart is written."""
    out, _ = told("sensitivity", desk, *QUICK, "--target", "on_time.home >= 90 %", "--out", str(tmp_path / "out"))
    assert "stages.desk.work (G)" in out
    assert (tmp_path / "out" / "tornado.svg").read_text().startswith("<?xml")
    found = as_json("one-more", desk, *QUICK)
    assert {(post["post"], post["change"]) for post in found["posts"]} == {
        ("clerks.day", 1), ("clerks.day", -1), ("clerks.night", 1), ("clerks.night", -1),
    }  # fmt: skip
    assert "clerks.day" in told("one-more", desk, *QUICK)[0]


def test_one_more_fits_eighty_columns(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name and no number is torn: headings end their lines where a part of the name ends; every column has a heading."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = told("one-more", desk, *QUICK)[0].splitlines()
    assert max(map(len, lines)) <= 80
    rule = next(number for number, line in enumerate(lines) if "───" in line)
    headings = [re.split(r" {2,}", line.strip()) for line in lines[rule - 2 : rule]]
    assert headings[0] == ["delivery_", "cost"]
    assert headings[1] == ["who", "staff", "load", "on_time.home", "time.p90", "a day"]
    cells = [re.split(r" {2,}", line.strip()) for line in lines[rule + 1 :] if line.strip()]
    assert len(cells) == 4
    assert {len(row) for row in cells} == {6}
    assert {row[1] for row in cells if row[0] == "clerks.day"} == {"3 to 4", "3 to 2"}
    assert not any(re.fullmatch(r"[+-]0\.00.*", cell) for row in cells for cell in row)


def test_staff_prints_a_roster_and_how_to_use_it(desk: str, tmp_path: Path) -> None:
    """What it costs and keeps on fresh luck; what it prints as settings gives that roster."""
    target = ("--target", "on_time_delivery >= 90%")
    out, _ = told("staff", desk, *target, *QUICK, "--out", str(tmp_path / "out"))
    found = as_json("staff", desk, *target, *QUICK)
    assert found["feasible"] is True
    assert found["evaluations"] > 10
    assert found["kept"]["on_time.home >= 90 %"]["verdict"] in ("kept", "too close to tell")
    assert out.startswith("The cheapest staffing found that keeps on_time.home >= 90 % costs ")
    assert " on fresh luck, " in out
    for setting in found["settings"]:
        assert f"--set {setting}" in out
    assert (tmp_path / "out" / "frontier.png").exists()
    out, _ = told("staff", desk, *target, *QUICK, "--limit", "clerks=0..1")
    assert out.startswith(
        "No staffing within the limits keeps on_time.home >= 90 %. What stops it is desk: clerks must"
    )


def test_promise_prints_a_date_for_each_chance(desk: str) -> None:
    """And the table by weekday and hour."""
    question = ("promise", desk, "--placed", "2026-11-03 09:30", "--wanted", "2026-11-03", *QUICK)
    out, _ = told(*question)
    assert "Placed Tue 2026-11-03 09:30: there by Tue 2026-11-03" in out
    assert "The chance to have it by Tue 2026-11-03: 100 %" in out
    assert out.count("\n ") > 24
    found = as_json(*question)
    assert [row["chance"] for row in found["dates"]] == [0.5, 0.8, 0.9, 0.95]
    assert [len(day) for day in found["p90_by_order_hour"]] == [24] * 7
    assert found["kept"]["mean"] == 1.0


def test_capacity_says_how_many_times_the_orders(desk: str) -> None:
    """40 h of work a day for 72 h of staff: less than 1.8 times."""
    arguments = ("capacity", desk, "--target", "on_time.home >= 80 %", *QUICK)
    found = as_json(*arguments)
    assert 1 < found["limit"] < 1.8
    assert f"is kept up to {found['limit']:.2f} times today's orders" in told(*arguments)[0].replace("\n", " ")


def test_run_until_sure_tells_how_sure(desk: str) -> None:
    """The precision asked for, and how the interval narrowed."""
    found = as_json("run", desk, "--precision", "25 %", "--workers", "1")
    assert found["precision"]["reached"] is True
    assert found["replications"] == len(found["history"]) >= 15
    out, _ = told("run", desk, "--precision", "0.1 %", "--budget", "0 s", "--workers", "1")
    assert "Not sure enough when the budget was used up" in out


def test_what_was_asked_before_is_answered_from_the_store(desk: str, tmp_path: Path) -> None:
    """The file named is the one used; without a store nothing is written."""
    store = tmp_path / "mine.sqlite"
    first = told("one-more", desk, *QUICK, "--store", str(store))
    size = store.stat().st_size
    assert told("one-more", desk, *QUICK, "--store", str(store)) == first
    assert store.stat().st_size == size
    told("one-more", desk, *QUICK, "--no-store", "--store", str(tmp_path / "other.sqlite"))
    assert not (tmp_path / "other.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["compare", "DESK"], "name two scenarios or more", 2),
        (["compare", "DESK", "DESK", "--measure", "delivery_time.p9"], "did you mean 'delivery_time.p99'", 2),
        (["compare", "DESK", "--variant", "teams.clerk.wage=3"], "did you mean 'clerks'", 2),
        (["sweep", "DESK"], "say what varies", 2),
        (["sweep", "DESK", "--vary", "teams.clerk.wage=3"], "did you mean 'clerks'", 2),
        (["sweep", "DESK", "--vary", "teams.clerks.wage"], "write it as path=value,value", 2),
        (["sweep", "DESK", "--vary", "teams.clerks.wage=3", "--measure", "late.hom"], "did you mean 'home'", 2),
        (["staff", "DESK"], "say what has to be kept with --target", 2),
        (["staff", "DESK", "--target", "on_time.home"], "write it as 'on_time", 2),
        (["staff", "DESK", "--target", "on_time.hom >= 9 %"], "did you mean 'home'", 2),
        (["staff", "DESK", "--target", "on_time.home >= 95 h"], "is not a share", 2),
        (["staff", "DESK", "--target", "delivery_tim.p90 <= 95 %"], "did you mean", 2),
        (
            ["staff", "DESK", "--target", "on_time.home >= 9 %", "--limit", "clerks=3"],
            "write it as packers.late=2..8",
            2,
        ),
        (["staff", "DESK", "--target", "on_time.home >= 9 %", "--shifts", "clerks.day"], "13:00,14:00", 2),
        (["promise", "DESK", "--class", "chilled"], "no class 'chilled'", 2),
        (["promise", "DESK", "--probability", "often"], "is not a share", 2),
        (["capacity", "DESK", "--target", "on_time_dispatch >= 9 %"], "promises no time to be dispatched", 2),
        (["run", "DESK", "--budget", "60s"], "a budget goes with --precision", 2),
        (["run", "DESK", "--precision", "often"], "write it as '5 %'", 2),
        (["compare", "DESK", "DESK", "--cluster", "tcp://127.0.0.1:9"], "tcp://127.0.0.1:9: no scheduler answers", 1),
        (["compare", "DESK", "DESK", "--store", "/dev/null/store"], "cannot keep answers here", 1),
    ],
)
def test_bad_input_is_a_clear_error(
    arguments: list[str], message: str, code: int, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming what is wrong, and the nearest that is right."""
    monkeypatch.setattr("sim.study.workers.CONNECT_S", 1)
    quick = () if arguments[0] == "run" else ("--replications", "2")
    said = [desk if argument == "DESK" else argument for argument in arguments]
    out, err = told(*said, *quick, "--workers", "1", code=code)
    assert message in " ".join(err.replace("│", " ").split())
    assert out == ""


def test_a_reader_who_has_seen_enough_is_no_failure() -> None:
    """``importflow explain ... | head -1`` ends with 0."""
    command = f'"{sys.executable}" -m sim.cli explain small_site_fortnight | head -1; exit ${{PIPESTATUS[0]}}'
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Does a small bonded site")
