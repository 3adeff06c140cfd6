"""Step functions of time against counting one millisecond after another."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.series import count_inside, oldest

BEGIN = [0, 3, 3, 4, 7, 7]
END = [5, 3, 9, 5, 8, 12]
WEIGHT = [1, 4, 2, 1, 3, 1]
LAST = 15


def ints(values: list[int]) -> np.ndarray:
    """A column as Records have it."""
    return np.array(values, dtype=np.int64)


def counted(moment: int, weighted: bool = False) -> int:
    """How many of the intervals hold a moment."""
    weights = WEIGHT if weighted else [1] * len(BEGIN)
    return sum(w for begin, end, w in zip(BEGIN, END, weights, strict=True) if begin <= moment < end)


@pytest.mark.parametrize("weighted", [False, True])
def test_count_inside_is_the_number_of_intervals_that_hold_each_moment(weighted: bool) -> None:
    """Intervals are [from, to): one that has no length holds nothing, and one that ends makes room at once."""
    level = count_inside(ints(BEGIN), ints(END), ints(WEIGHT) if weighted else None)
    moments = np.arange(LAST)
    assert level.at(moments).tolist() == [counted(int(moment), weighted) for moment in moments]


@pytest.mark.parametrize("begin", range(0, LAST, 2))
@pytest.mark.parametrize("length", [1, 2, 7])
def test_area_mean_and_most_add_up_what_each_millisecond_holds(begin: int, length: int) -> None:
    """Over any stretch, also one that begins or ends between two changes."""
    level = count_inside(ints(BEGIN), ints(END))
    each = [counted(moment) for moment in range(begin, begin + length)]
    assert level.area(begin, begin + length) == sum(each)
    assert level.mean(begin, begin + length) == sum(each) / length
    assert level.most(begin, begin + length) == max(each)


def test_areas_of_many_stretches_at_once() -> None:
    """One area for each pair of a beginning and an end; a stretch of no length has none."""
    level = count_inside(ints(BEGIN), ints(END))
    areas = level.areas(ints([0, 4, 6, 8]), ints([15, 4, 8, 10]))
    assert areas.tolist() == [sum(counted(m) for m in range(15)), 0, counted(6) + counted(7), counted(8) + counted(9)]


def test_an_area_of_a_year_of_milliseconds_is_exact() -> None:
    """A thousand people for a year are 3.2e13 person-milliseconds: more than 32 bits, and no digit may be lost."""
    year = 365 * 86_400_000
    level = count_inside(ints([0, 1]), ints([year, year]), ints([999, 1]))
    assert level.area(0, year) == 1000 * year - 1


def test_nobody_ever_is_a_level_of_zero() -> None:
    """Without intervals the level is 0 at all times, and so are its area and its highest value."""
    level = count_inside(ints([]), ints([]))
    assert level.at(np.arange(3)).tolist() == [0, 0, 0]
    assert (level.area(0, 9), level.most(0, 9)) == (0, 0)


@pytest.mark.parametrize("every", [1, 2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_the_oldest_is_the_earliest_that_holds_a_moment(every: int, seed: int) -> None:
    """Against looking at all intervals, whatever their order; some have no length."""
    rng = np.random.default_rng(seed)
    begin = rng.integers(0, 20, 12)
    end = begin + rng.integers(0, 9, 12)
    count = 30 // every

    def lasted(moment: int) -> int:
        return max((moment - int(b) for b, e in zip(begin, end, strict=True) if b <= moment < e), default=0)

    assert oldest(begin, end, every, count).tolist() == [lasted(number * every) for number in range(count)]


def test_nobody_is_not_old() -> None:
    """Without any intervals all ages are 0."""
    assert oldest(ints([]), ints([]), 5, 3).tolist() == [0, 0, 0]
