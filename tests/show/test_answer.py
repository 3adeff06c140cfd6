"""The object that programs read: every field, and null where there is no number."""

from __future__ import annotations

import json
import math
from typing import Any

from sim.analysis.intervals import Estimate
from sim.analysis.load import offered_load, team_load
from sim.plan.compile import compile_plan
from sim.show.answer import answer, estimate_json, load_json
from sim.study.replicate import Result
from tests.show.results import made, site

ESTIMATE = {"mean", "low", "high", "unit"}


def found(result: Result) -> dict[str, Any]:
    """The answer after a way through JSON, in which neither NaN nor infinity is allowed."""
    loaded: dict[str, Any] = json.loads(json.dumps(answer(result), allow_nan=False))
    return loaded


def test_the_answer_has_its_fields_and_no_others(any_result: Result) -> None:
    """The same for every scenario; measures, stages and teams are keyed by name."""
    said = found(any_result)
    scenario = any_result.file.scenario
    assert said.keys() == {
        "scenario", "seed", "replications", "engine", "sentence", "measures", "stages", "teams", "checks",
    }  # fmt: skip
    assert said["measures"].keys() == any_result.measures.keys()
    assert all(one.keys() == ESTIMATE for one in said["measures"].values())
    assert said["stages"].keys() == scenario.stages.keys()
    assert said["teams"].keys() == scenario.teams.keys()
    assert said["checks"] == dict.fromkeys(any_result.checks, True)


def test_a_stage_says_what_it_is_and_how_it_did(site_result: Result) -> None:
    """Label, kind, teams, and its measures under short names."""
    customs = found(site_result)["stages"]["customs"]
    assert customs["label"] == "customs and national inspection"
    assert customs["kind"] == "customs"
    assert customs["teams"] == ["officers"]
    assert customs["queue"]["mean"] == site_result.measures["queue.customs.mean"].mean
    assert customs["queue"]["unit"] == "items"
    assert customs.keys() == {
        "label", "kind", "teams", "throughput", "queue", "longest_queue", "wait", "wait_p95", "work",
    }  # fmt: skip


def test_a_team_says_its_load_and_its_shifts(site_result: Result) -> None:
    """Offered load before the run, utilisation in it, by shift too."""
    packers = found(site_result)["teams"]["packers"]
    load = team_load(site_result.load, site_result.file.scenario).loc["packers"]
    assert packers["load"] == load["load"]
    assert packers["worst_day"] == str(load["worst_day"])
    assert packers["shifts"].keys() == {"early", "late"}
    assert packers["utilisation"]["unit"] == "share"
    assert packers.keys() == {
        "label", "offered_h", "staffed_h", "load", "worst_load", "worst_day", "utilisation", "overtime", "shifts",
    }  # fmt: skip


def test_what_is_not_known_is_null() -> None:
    """Infinite quantiles and intervals of one replication have no number in JSON."""
    assert estimate_json(Estimate(math.inf, math.nan, math.nan, "h", 1)) == {
        "mean": None,
        "low": None,
        "high": None,
        "unit": "h",
    }
    assert found(made("overloaded"))["measures"]["delivery_time.p99"]["mean"] is None
    assert found(made("one replication"))["measures"]["unfinished"]["low"] is None


def test_load_by_day_keeps_every_day_and_team() -> None:
    """A row for each, dates as text; a team that is never there has no load that is a number."""
    off = [f"teams.packers.shifts.{shift}.last=2026-11-01" for shift in ("early", "late")]
    scenario = site("clock.end=horizon", *off).scenario
    load = offered_load(compile_plan(scenario, 7))
    said = json.loads(json.dumps(load_json(load, team_load(load, scenario)), allow_nan=False))
    assert len(said["load"]) == 2 * 4
    assert said["load"][0].keys() == {"team", "day", "offered_h", "staffed_h", "load"}
    assert said["load"][0]["day"] == "2026-11-02"
    assert said["teams"]["packers"]["load"] is None
    assert said["teams"]["packers"]["worst_day"] is None
