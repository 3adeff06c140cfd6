"""When items arrive: the rate of independent buyers hour by hour, fixed times, and files of real orders.

2026-11-02 is a Monday.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.world.arrivals import Arrivals, FixedTimes, OrdersFile, Poisson
from sim.world.units import DAY_MS, HOUR_MS, MINUTE_MS

MONDAY = datetime(2026, 11, 2)
EVENINGS = [0] * 18 + [1, 2, 3, 2, 1, 1]


def expected(poisson: dict[str, Any], start: datetime, length_ms: int) -> dict[str, float]:
    """Expected orders of each stretch in which the rate is the same, by the hour at which it begins."""
    edges, rate = Poisson.model_validate(poisson).rate(start, length_ms)
    assert edges[0] == 0
    assert edges[-1] == length_ms
    orders = rate * np.diff(edges)
    return {f"{edge / HOUR_MS:g}": round(float(count), 9) for edge, count in zip(edges[:-1], orders, strict=True)}


def test_without_a_profile_every_hour_is_alike() -> None:
    """240 a day are ten an hour."""
    assert expected({"per_day": 240}, MONDAY, 3 * HOUR_MS) == {"0": 10, "1": 10, "2": 10}


def test_only_the_proportions_of_the_hours_count() -> None:
    """Weights 1, 2, 3, 2, 1, 1 of 10 from six in the evening on: 10, 20, 30, 20, 10 and 10 of a hundred."""
    evening = datetime(2026, 11, 2, 18)
    tenfold = [10 * weight for weight in EVENINGS]
    for hours in (EVENINGS, tenfold):
        found = expected({"per_day": 100, "hours": hours}, evening, 7 * HOUR_MS)
        assert found == {"0": 10, "1": 20, "2": 30, "3": 20, "4": 10, "5": 10, "6": 0}


def test_a_day_comes_to_the_daily_mean_times_its_weekday() -> None:
    """Friday as usual, Saturday half, Sunday nothing, Monday as usual again."""
    poisson = {"per_day": 100, "hours": EVENINGS, "weekdays": {"sat": 0.5, "sun": 0}}
    found = expected(poisson, datetime(2026, 11, 6), 4 * DAY_MS)
    by_day = [sum(count for hour, count in found.items() if float(hour) // 24 == day) for day in range(4)]
    assert by_day == [100, 50, 0, 100]


def test_a_start_within_an_hour_cuts_that_hour() -> None:
    """From 18:40 on, a third of the hour's ten is left; the next full hour has its twenty."""
    found = expected({"per_day": 100, "hours": EVENINGS}, datetime(2026, 11, 2, 18, 40), HOUR_MS)
    assert found == {"0": round(10 / 3, 9), "0.333333": round(20 * 2 / 3, 9)}


def test_a_start_before_midnight_changes_the_weekday_at_midnight() -> None:
    """Saturday 23:30 to Sunday 00:30: half an hour each of its own day."""
    found = expected({"per_day": 240, "weekdays": {"sat": 0.5, "sun": 2}}, datetime(2026, 11, 7, 23, 30), HOUR_MS)
    assert found == {"0": 2.5, "0.5": 10}


def test_a_peak_by_factor_lifts_the_usual_rate() -> None:
    """Fourfold from 00:30 to 02:00; the edges of the peak need not be full hours."""
    peak = {"from": "2026-11-02 00:30", "to": "2026-11-02 02:00", "factor": 4}
    assert expected({"per_day": 240, "peaks": [peak]}, MONDAY, 3 * HOUR_MS) == {"0": 5, "0.5": 20, "1": 40, "2": 10}


def test_a_peak_by_orders_brings_so_many_in_all() -> None:
    """120 in an hour and a half, whatever is usual; a later peak overrides an earlier one."""
    peaks = [
        {"from": "2026-11-02 00:00", "to": "2026-11-02 03:00", "factor": 0},
        {"from": "2026-11-02 00:30", "to": "2026-11-02 02:00", "orders": 120},
    ]
    assert expected({"per_day": 240, "peaks": peaks}, MONDAY, 3 * HOUR_MS) == {"0": 0, "0.5": 40, "1": 80, "2": 0}


def test_a_peak_that_reaches_beyond_the_run_brings_its_part() -> None:
    """Of 120 orders in two hours around the start, the run sees the half."""
    peak = {"from": "2026-11-01 23:00", "to": "2026-11-02 01:00", "orders": 120}
    assert expected({"per_day": 240, "peaks": [peak]}, MONDAY, 2 * HOUR_MS) == {"0": 60, "1": 10}


def test_fixed_times_come_on_their_weekdays() -> None:
    """Friday 07:00 and 14:30, then Monday; a time written twice comes once."""
    times = FixedTimes.model_validate({"at": ["14:30", "07:00", "07:00"], "days": "mon-fri"})
    found = times.moments_ms(datetime(2026, 11, 6), 4 * DAY_MS) / HOUR_MS
    assert found.tolist() == [7, 14.5, 72 + 7, 72 + 14.5]


def test_fixed_times_before_the_start_and_at_the_end_do_not_come() -> None:
    """From 14:30 to 14:30 of the next day: the first is in, the last is not, and 24:00 is midnight."""
    times = FixedTimes.model_validate({"at": ["07:00", "14:30", "24:00"]})
    found = times.moments_ms(datetime(2026, 11, 2, 14, 30), DAY_MS) / HOUR_MS
    assert found.tolist() == [0, 9.5, 16.5]


def orders(folder: Path, text: str, **says: Any) -> OrdersFile:
    """The orders of a CSV file with this text."""
    (folder / "orders.csv").write_text(text, encoding="utf-8")
    return OrdersFile.model_validate({"path": "orders.csv", **says}, context={"folder": folder})


def test_real_orders_are_sorted_by_time(tmp_path: Path) -> None:
    """Those of the same moment stay in the order of the file; what is not said is 0 or empty."""
    file = orders(tmp_path, "time,lines,class\n2026-11-03,3,b\n2026-11-02 08:00,1,\n2026-11-03,2,a\n")
    assert file.orders["time"].dt.strftime("%d %H:%M").tolist() == ["02 08:00", "03 00:00", "03 00:00"]
    assert file.orders["lines"].tolist() == [1, 3, 2]
    assert file.orders["units"].tolist() == [0, 0, 0]
    assert file.orders["class"].tolist() == ["", "b", "a"]


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    """Each is found by the name that the scenario gives for it."""
    text = "placed,positions,pieces,kind\n2026-11-02,2,7,fragile\n"
    file = orders(tmp_path, text, **{"time": "placed", "lines": "positions", "units": "pieces", "class": "kind"})
    assert file.orders.iloc[0].tolist()[1:] == [2, 7, "fragile"]


def test_remarks_and_blank_lines_are_no_orders(tmp_path: Path) -> None:
    """Spreadsheets leave a mark at the beginning and blank lines at the end; quoted values may hold commas and lines."""
    text = '\ufeff# our orders\n\ntime,remark\n2026-11-02,"a, b"\n# between\n2026-11-03,"two\nlines"\n\n\n'
    assert len(orders(tmp_path, text).orders) == 2


def test_the_line_of_a_bad_row_is_the_line_in_the_file(tmp_path: Path) -> None:
    """Remarks, blank lines and quoted line breaks count as lines."""
    text = '# our orders\n\ntime,remark\n2026-11-02,"two\nlines"\n\n# between\nnever,x\n2026-11-03,y\nnever,z\n'
    with pytest.raises(ValidationError, match=r"orders\.csv, line 8: time: 'never' .* \(2 of 4 rows are wrong\)"):
        orders(tmp_path, text)


@pytest.mark.parametrize("lines", ["", "0", "-1", "1.5", "1e10", "nan", "inf", "two"])
def test_lines_are_whole_numbers_above_zero(tmp_path: Path, lines: str) -> None:
    """A column that is there must say something in each row."""
    with pytest.raises(ValidationError, match=r"line 2: lines: '.*' is not a whole number of 1 or more"):
        orders(tmp_path, f"time,lines\n2026-11-02,{lines}\n")
    assert orders(tmp_path, "time,lines\n2026-11-02,3.0\n").orders["lines"].tolist() == [3]


def test_the_orders_within_a_run(tmp_path: Path) -> None:
    """Start included, end excluded; moments count from the start."""
    text = "time\n2026-11-02 07:59:59.999\n2026-11-02 08:00\n2026-11-02 08:30:00.250\n2026-11-02 09:00\n"
    found = orders(tmp_path, text).within(datetime(2026, 11, 2, 8), HOUR_MS)
    assert found["at_ms"].tolist() == [0, 30 * MINUTE_MS + 250]


def test_files_are_equal_where_they_say_and_hold_the_same(tmp_path: Path) -> None:
    """Two scenarios are compared with the orders they found, not only with the name of the file."""
    one = orders(tmp_path, "time\n2026-11-02\n")
    same = orders(tmp_path, "time\n2026-11-02\n")
    other = orders(tmp_path, "time\n2026-11-03\n")
    assert one == same
    assert one != other
    assert one != orders(tmp_path, "time\n2026-11-02\n", scale=2)


def test_a_file_alone_may_be_said_by_its_name(tmp_path: Path) -> None:
    """``file: orders.csv`` is short for ``file: {path: orders.csv}``."""
    file = orders(tmp_path, "time\n2026-11-02\n")
    context = {"folder": tmp_path}
    assert Arrivals.model_validate({"file": "orders.csv"}, context=context).file == file
