"""A visitor of the app without a browser: speaks Streamlit's own messages over a websocket, as the page does.

It keeps what stands on the page, moves widgets by their keys, presses buttons, and, as a browser does, lets those
parts of the page look again that ask for it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WIDGET = re.compile(r"^\$\$(?:ID|WIDGET_ID)-[0-9a-f]+-(.+)$")


class Visitor:
    """One open page of the app; an ``async with`` opens and closes it."""

    def __init__(self, address: str, query: str = "", page: str = "") -> None:
        self._address, self._query, self._page = address, query, page
        self._elements: dict[tuple[int, ...], tuple[str, Element]] = {}
        self._moved: dict[str, WidgetState] = {}
        self._groups: dict[str, str] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._page_hash = self._run = ""
        self._changed = asyncio.Condition()
        self.finished = 0
        self.settled = self._over = False
        self.received_bytes = 0

    async def __aenter__(self) -> Visitor:
        """Open the page, and wait until it stands there."""
        self._line: ClientConnection = await connect(
            f"ws://{self._address}/_stcore/stream", subprotocols=["streamlit"], max_size=None
        )
        self._reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the page, as one closes a tab."""
        self._stop_looking()
        await self._line.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def rerun(self, pressed: str = "") -> float:
        """Let the page's script run with the widgets as they were moved; seconds until it has run to its end."""
        began, before = time.perf_counter(), self.finished
        await self._ask(pressed=pressed)
        await self.until(lambda: self.finished > before)
        return time.perf_counter() - began

    async def move(self, key: str, value: float) -> float:
        """Set a number; seconds until the page has followed."""
        self._moved[key] = WidgetState(id=self._id_of(key), double_value=value)
        return await self.rerun()

    async def open(self, *groups: str) -> None:
        """Open groups of widgets, by their keys; what stands in a closed one is not on the page."""
        self._moved |= {key: WidgetState(id=self._groups[key], bool_value=True) for key in groups}
        await self.rerun()

    async def until(self, condition: Callable[[], bool], within_s: float = 600.0) -> None:
        """Wait for something that a message must bring. Raises TimeoutError with what stands on the page instead."""
        try:
            async with asyncio.timeout(within_s), self._changed:
                await self._changed.wait_for(lambda: condition() or self._over)
        except TimeoutError:
            raise TimeoutError(f"not within {within_s:.0f} s; the page says: {self.text()}") from None
        if self._over:
            await self._reader
            raise ConnectionError("the server closed the line")

    def text(self) -> str:
        """All that one can read on the page."""
        return "\n".join(filter(None, (_read_aloud(element) for _, element in self._elements.values())))

    def value(self, key: str) -> float:
        """What a number widget holds."""
        if key in self._moved:
            return self._moved[key].double_value
        field = self._widgets()[key].number_input
        return field.value if field.set_value else field.default

    def has(self, key: str) -> bool:
        """Whether such a widget is on the page."""
        return key in self._widgets()

    def _widgets(self) -> dict[str, Element]:
        found = {}
        for _, element in self._elements.values():
            kind = element.WhichOneof("type")
            match = WIDGET.match(str(getattr(getattr(element, kind), "id", ""))) if kind else None
            if match:
                found[match[1]] = element
        return found

    def _id_of(self, key: str) -> str:
        element = self._widgets()[key]
        widget_id: str = getattr(element, str(element.WhichOneof("type"))).id
        return widget_id

    async def _ask(self, pressed: str = "", fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name, state.page_script_hash = self._query, self._page, self._page_hash
        state.fragment_id, state.is_auto_rerun = fragment, bool(fragment)
        state.context_info.color_scheme = "light"
        state.widget_states.widgets.extend(self._moved.values())
        if pressed:
            state.widget_states.widgets.append(WidgetState(id=self._id_of(pressed), trigger_value=True))
        await self._line.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for raw in self._line:
                assert isinstance(raw, bytes)
                self.received_bytes += len(raw)
                self._take(ForwardMsg.FromString(raw))
                async with self._changed:
                    self._changed.notify_all()
        finally:
            self._over = True
            async with self._changed:
                self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind, run = message.WhichOneof("type"), message.metadata.run
        if kind == "new_session":
            self.settled = False
            self._page_hash, self._run = message.new_session.page_script_hash, run.script_run_id
            if not run.fragment_ids:
                self._stop_looking()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._elements[tuple(message.metadata.delta_path)] = self._run, message.delta.new_element
        elif kind == "delta" and (match := WIDGET.match(message.delta.add_block.expandable.id)):
            self._groups[match[1]] = match[0]
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            again = message.auto_rerun
            if again.fragment_id not in self._looking:
                self._looking[again.fragment_id] = asyncio.create_task(self._look(again.fragment_id, again.interval))
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
            self.settled = True
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.settled = True
            self._elements = {path: found for path, found in self._elements.items() if found[0] == self._run}
            self.finished += 1

    async def _look(self, fragment: str, every_s: float) -> None:
        with suppress(ConnectionClosed):  # the page was closed, which the reader notices
            while True:
                await asyncio.sleep(every_s)
                await self._ask(fragment=fragment)

    def _stop_looking(self) -> None:
        for task in self._looking.values():
            task.cancel()
        self._looking = {}


def _read_aloud(element: Element) -> str:
    """The words of an element."""
    kind = element.WhichOneof("type")
    part = getattr(element, kind) if kind and kind != "html" else None
    words: Iterable[str] = (str(getattr(part, name, "")) for name in ("label", "body", "text"))
    return " ".join(filter(None, words)).replace("\\", "")
