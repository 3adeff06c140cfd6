"""Replications until the answer is sure enough."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.intervals import Estimate
from sim.study.evaluate import Evaluator, evaluator
from sim.study.target import TargetError
from sim.study.until_sure import Precision, parse_precision, solution, until_sure
from sim.study.workers import Here
from tests.study.worlds import desk

FILE = desk("clock.length=2 d")


def test_it_ends_where_sim_tools_says_that_it_should() -> None:
    """The same rule in another library (Hoad's, with 10 first and 5 ahead; sim-tools would go below 10, which this does not reach), on the same values."""
    from sim_tools.output_analysis import ReplicationsAlgorithm

    with evaluator(places=1) as evaluate:
        found = until_sure(FILE, parse_precision("delivery_time.mean=5 %", FILE.scenario), evaluate)
        values = [
            run["delivery_time.mean"].value for run in evaluate.replications(FILE, 1, range(len(found.history) + 20))
        ]

        class Model:
            def single_run(self, replication: int) -> dict[str, float]:
                return {"mean": values[replication]}

        rule = ReplicationsAlgorithm(half_width_precision=0.05, initial_replications=10, look_ahead=5)
        wanted, _ = rule.select(Model(), ["mean"])
    rows = [tuple(row) for row in found.history.itertuples(index=False)]
    assert solution(rows) == wanted["mean"]
    assert (found.sure, found.ended_by) == (True, "precision")
    assert len(found.history) == wanted["mean"] + 5
    last = found.history.iloc[-1]
    assert (last["high"] - last["low"]) / 2 <= 0.05 * last["mean"]


def rows(*narrow: bool) -> list[tuple[int, float, float, float, bool]]:
    """A history of which only this matters."""
    return [(number, 1.0, 0.9, 1.1, one) for number, one in enumerate(narrow, 1)]


@pytest.mark.parametrize(
    ("narrow", "enough"),
    [
        ([True] * 10, None),
        ([True] * 15, 10),
        ([False] * 11 + [True] * 5, None),
        ([False] * 11 + [True] * 6, 12),
        ([False] * 10 + [True] * 3 + [False] + [True] * 6, 15),  # one lucky stretch does not stop it
        ([False] * 200, None),
    ],
)
def test_an_interval_has_to_stay_narrow(narrow: list[bool], enough: int | None) -> None:
    """At least ten, and five more."""
    assert solution(rows(*narrow)) == enough


def test_a_budget_ends_it_and_keeps_what_is_done(tmp_path: Path) -> None:
    """Asked again it goes on from there: nothing is run twice."""
    hard = parse_precision("delivery_time.mean=0.01 %", FILE.scenario)
    store = tmp_path / "store.sqlite"
    with evaluator(places=1, store=store) as evaluate:
        first = until_sure(FILE, hard, evaluate, budget_s=0.0)
    assert (first.sure, first.ended_by, len(first.history)) == (False, "budget", 1)
    with evaluator(places=1, store=store) as evaluate:
        again = until_sure(FILE, parse_precision("delivery_time.mean=12 %", FILE.scenario), evaluate)
        assert evaluate.counts.run == len(again.history) - 1
        assert evaluate.counts.kept == 1


def test_the_interval_is_told_as_it_narrows_and_the_result_is_that_of_a_run() -> None:
    """One call for each replication; measures, sentence and load as ``replicate`` finds them."""
    told: list[tuple[int, Estimate]] = []
    easy = Precision("delivery_time.mean", 10.0, False)
    found = until_sure(FILE, easy, Evaluator(Here()), told=lambda count, one: told.append((count, one)))
    assert [count for count, _ in told] == list(range(1, 16))
    assert found.result.settings.replications == 15
    assert found.result.measures["delivery_time.mean"] == told[-1][1]
    assert "95 of 100" in found.result.sentence
    assert isinstance(found.result.load, pd.DataFrame)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 %", Precision("delivery_time.p90", 0.05, True)),
        ("delivery_time.p95 = 1 h", Precision("delivery_time.p95", 1.0, False)),
        ("on_time_delivery=1%", Precision("on_time.home", 0.01, False)),
    ],
)
def test_a_precision_is_a_share_of_a_time_or_an_amount(text: str, expected: Precision) -> None:
    """Of a measure that is a share itself, per cent are points."""
    assert parse_precision(text, FILE.scenario) == expected


@pytest.mark.parametrize("text", ["", "delivery_time.p95=", "much", "delivery_time.p95=0 h", "on_time.hom=1 %"])
def test_what_is_no_precision_is_refused(text: str) -> None:
    """With the rule."""
    with pytest.raises(TargetError, match=r"write it as|did you mean"):
        parse_precision(text, FILE.scenario)


def test_an_unknown_measure_names_the_nearest_after_the_first_run() -> None:
    """And not after all of them."""
    with evaluator(places=1) as evaluate:
        with pytest.raises(TargetError, match=r"did you mean 'delivery_time\.p99'"):
            until_sure(FILE, Precision("delivery_time.p9", 1.0, False), evaluate)
        assert evaluate.counts.run == 1
