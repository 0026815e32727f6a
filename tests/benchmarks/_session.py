"""A visitor without a browser: speaks Streamlit's protocol, so that a hundred of them cost the machine nothing."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Sequence
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

PATIENCE_SECONDS = 600
# Of a map over a photo, as the pages call it for who does not see it.
MAP = re.compile(r" for .* over ")


class Session:
    """One visit; to be used with `with`, which leaves.

    Args:
        url: of the app.

    Attributes:
        maps: alternative text -> address, of the maps that the last run of a page drew.
        boxes: label -> the select box of the last run.
        buttons: label -> id of the button of the last run.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._socket = connect(
            f"{url.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(url),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=PATIENCE_SECONDS,
            ping_timeout=PATIENCE_SECONDS,
        )
        self.maps: dict[str, str] = {}
        self.boxes: dict[str, Selectbox] = {}
        self.buttons: dict[str, str] = {}
        self._received = b""
        self._state = BackMsg().rerun_script

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def open(self, page: str = "", methods: Sequence[str] = (), **parameters: str) -> float:
        """Open a page of the app; seconds until it is complete, with maps of these methods."""
        del self._state.widget_states.widgets[:]
        self._state.page_name = page
        self._state.query_string = urlencode(parameters)
        return self._run(methods)

    def pick(self, label: str, option: str, methods: Sequence[str] = ()) -> float:
        """Choose an option of a select box; seconds until the page is complete, with maps of these methods."""
        box = self.boxes[label]
        assert option in box.options, f"{option} is none of {list(box.options)}"
        self._state.widget_states.widgets.add(id=box.id, string_value=option)
        return self._run(methods)

    def press(self, label: str) -> float:
        """Press a button; seconds until the page is complete."""
        self._state.widget_states.widgets.add(id=self.buttons[label], trigger_value=True)
        return self._run(())

    def shows(self, text: str) -> bool:
        """Whether the last run sent that text, in a sentence or a table."""
        return text.encode() in self._received

    def map(self, method: str) -> bytes:
        """The map of that method, as the browser would fetch it. Raises LookupError where the page has none."""
        address = next((url for alt, url in self.maps.items() if alt.startswith(method)), None)
        if address is None:
            raise LookupError(f"no {method} among {list(self.maps)}")
        with urllib.request.urlopen(self._url + address, timeout=PATIENCE_SECONDS) as answer:
            content: bytes = answer.read()
        return content

    def _has(self, method: str) -> bool:
        return any(alt.startswith(method) for alt in self.maps)

    def _run(self, methods: Sequence[str]) -> float:
        started = time.perf_counter()
        self.maps, self.boxes, self.buttons, self._received = {}, {}, {}, b""
        self._socket.send(BackMsg(rerun_script=self._state).SerializeToString())
        while True:
            message = ForwardMsg()
            received = self._socket.recv(PATIENCE_SECONDS)
            assert isinstance(received, bytes), "Streamlit speaks in bytes"
            message.ParseFromString(received)
            self._received += received
            if message.WhichOneof("type") == "delta":
                self._note(message)
            if message.WhichOneof("type") == "script_finished":
                status = message.script_finished
                # One that ended early is followed by another, as after st.rerun, and a run may end that began before.
                whole = status == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
                if whole and all(map(self._has, methods)):
                    return time.perf_counter() - started

    def _note(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.HasField("selectbox"):
            self.boxes[element.selectbox.label] = element.selectbox
        if element.HasField("button"):
            self.buttons[element.button.label] = element.button.id
        for image in element.imgs.imgs:
            if MAP.search(image.alt):
                self.maps[image.alt] = image.url
