"""A tab that speaks Streamlit's own messages over the socket, so that it can say what no browser would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.integration.running_server import Server

PATIENCE = 60  # seconds for an answer on a busy machine; nothing is judged by it


class Answer:
    """Everything the server sent back until a run ended."""

    def __init__(self, raw: list[bytes]) -> None:
        self.raw = b"".join(raw)
        self.messages = [ForwardMsg.FromString(one) for one in raw]

    def elements(self) -> Iterator[Element]:
        """What was drawn."""
        return (one.delta.new_element for one in self.messages if one.WhichOneof("type") == "delta")

    def component(self, name: str, key: str = "") -> str:
        """The id of a component of ours."""
        return next(
            one.bidi_component.id
            for one in self.elements()
            if one.WhichOneof("type") == "bidi_component"
            and one.bidi_component.component_name.endswith(name)
            and key in one.bidi_component.id
        )

    def widgets(self) -> list[tuple[str, str]]:
        """Kind and id of everything that can be used."""
        found = []
        for one in self.elements():
            kind = one.WhichOneof("type")
            held = getattr(one, kind) if kind else None
            if kind and getattr(held, "id", ""):
                found.append((kind, str(held.id)))
        return found

    def texts(self) -> list[str]:
        """Every plain text drawn."""
        return [one.text.body for one in self.elements() if one.WhichOneof("type") == "text"]

    def pages(self) -> dict[str, str]:
        """The pages offered: their address, and the hash that opens them."""
        told = [one.navigation.app_pages for one in self.messages if one.WhichOneof("type") == "navigation"]
        return {page.url_pathname: page.page_script_hash for page in told[-1]} if told else {}


class Tab:
    """One open tab of a browser that is signed in."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.session_id = ""

    def run(self, page: str = "", query: str = "", widgets: Iterable[WidgetState] = (), name: str = "") -> Answer:
        """Ask for a run, and everything it sends. `page` is the hash of a page, `name` its address."""
        states = WidgetStates(widgets=list(widgets))
        self._send(ClientState(query_string=query, widget_states=states, page_script_hash=page, page_name=name))
        answer = Answer(list(self._until("script_finished")))
        for one in answer.messages:
            if one.WhichOneof("type") == "new_session":
                self.session_id = one.new_session.initialize.session_id
        return answer

    def run_part(self, fragment: str, page: str = "", query: str = "") -> Answer:
        """Ask for a part of a page alone, then for the whole: a part nobody knows is answered with silence."""
        self._send(ClientState(query_string=query, page_script_hash=page, fragment_id=fragment))
        return self.run(page, query)

    def _send(self, asked: ClientState) -> None:
        self._socket.send(BackMsg(rerun_script=asked).SerializeToString())

    def ask(self, request: BackendOperationRequest) -> Answer:
        """Ask for something beside a run, such as a file to be made."""
        self._socket.send(BackMsg(backend_operation_request=request).SerializeToString())
        return Answer(list(self._until("backend_operation_response")))

    def _until(self, last: str) -> Iterator[bytes]:
        """Messages up to the one of this kind; a run that only made way for another is not the end."""
        while True:
            raw = self._socket.recv(timeout=PATIENCE)
            assert isinstance(raw, bytes)
            yield raw
            message = ForwardMsg.FromString(raw)
            early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if message.WhichOneof("type") == last and not early:
                return


@contextmanager
def opened(server: Server, browser: httpx.Client, resuming: str = "") -> Iterator[Tab]:
    """A new tab of this browser; or, by its id, one that is open already. Raises InvalidStatus when refused."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        additional_headers={"Cookie": cookies, "Origin": server.address},
        subprotocols=[Subprotocol(one) for one in ("streamlit", "none", resuming) if one],
        max_size=None,
        proxy=None,
    ) as socket:
        yield Tab(socket)


def said(component_id: str, event: str, value: Any) -> WidgetState:
    """What a component of ours tells the server, whatever it is."""
    told = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component_id}__events", json_trigger_value=told)


def chosen(widget_id: str, **value: Any) -> WidgetState:
    """What a widget of Streamlit's own tells the server."""
    return WidgetState(id=widget_id, **value)


def pressed(widgets: Iterable[tuple[str, str]], values: Mapping[str, dict[str, Any]]) -> list[WidgetState]:
    """Each of these widgets used, in the way of its kind."""
    return [WidgetState(id=widget_id, **values[kind]) for kind, widget_id in widgets if kind in values]
