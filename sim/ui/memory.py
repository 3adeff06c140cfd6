"""Results by content, as many as the server may keep."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Memory:
    """The last results by the keys of their tasks: at most so many, of at most so many bytes together.

    The newest is kept even where it alone is larger, for whoever asked for it is about to look.

    >>> memory = Memory(3, most_bytes=100)
    >>> memory.put("a", 1, size_bytes=60)
    >>> memory.put("b", 2, size_bytes=30)
    >>> memory.put("c", 3, size_bytes=20)
    >>> memory.get("a"), memory.get("b"), memory.get("c"), memory.size_bytes
    (None, 2, 3, 50)
    """

    def __init__(self, most: int, most_bytes: float) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.size_bytes = 0

    def get(self, key: Hashable) -> Any:
        """A result, which then counts as used last; None where it is not known."""
        with self._lock:
            if key not in self._results:
                return None
            self._results.move_to_end(key)
            return self._results[key][0]

    def put(self, key: Hashable, result: Any, size_bytes: int) -> None:
        """Remember a result, and forget those that were used longest ago."""
        with self._lock:
            self.size_bytes += size_bytes - self._results.pop(key, (None, 0))[1]
            self._results[key] = result, size_bytes
            while len(self._results) > 1 and self._too_much():
                self.size_bytes -= self._results.popitem(last=False)[1][1]

    def _too_much(self) -> bool:
        return len(self._results) > self._most or self.size_bytes > self._most_bytes
