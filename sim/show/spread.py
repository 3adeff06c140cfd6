"""The spread of a curve across replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LOW, HIGH = 10, 90


def spread(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Mean and the two percentiles across frames of one column, row by row; runs that ended early stay as they were.

    >>> spread([pd.DataFrame({"a": [0, 10]}), pd.DataFrame({"a": [10]})])["mean"].tolist()
    [5.0, 10.0]
    """
    longest = max((frame.index for frame in frames), key=len)
    cells = np.array([frame.iloc[:, 0].reindex(longest).ffill().to_numpy(float) for frame in frames])
    low, high = np.percentile(cells, [LOW, HIGH], axis=0)
    return pd.DataFrame({"mean": cells.mean(axis=0), "low": low, "high": high}, index=longest)
