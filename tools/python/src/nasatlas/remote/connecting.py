"""Connections to served atlases, found by the address of the server and the name of the atlas."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable

from nasatlas.errors import AmbiguousQuestion, UnknownName
from nasatlas.remote.atlas import RemoteAtlas
from nasatlas.remote.server import Server


def connect(address: str, atlas: str | None = None, token: str | None = None, *, timeout_seconds: float = 30.0,
            retries: int = 4, follow: bool = False, tls: ssl.SSLContext | None = None,
            clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> RemoteAtlas:
    """Connects to an atlas on a server that `nasatlas serve` runs at `address`.

        remote = nasatlas.connect("http://localhost:8080", "nasbench201")

    `atlas` is its name, or NAME@DIGEST for one edition; leave it out if the server has only one atlas. `token` is the
    access token, if the server requires one. A request fails after `timeout_seconds`. If a connection breaks or the
    server is busy, requests that are safe to repeat are sent again, up to `retries` times. If the server gets a new file
    for the atlas, the next question raises AtlasChanged; with `follow=True` it uses the new file instead.

    Raises AmbiguousQuestion or UnknownName, which list the served atlases, and ServerError or one of its subclasses.
    """
    server = Server(address, token, timeout_seconds=timeout_seconds, retries=retries, tls=tls, clock=clock, sleep=sleep)
    try:
        if atlas is None:
            reply = server.get("/v1/atlases")
            with reply.reading():
                names = [one["name"] for one in reply.json()["atlases"]]
                if len(names) > 1:
                    raise AmbiguousQuestion(f"{server.address} serves several atlases: {', '.join(names)}", known=names,
                                            code="client.ambiguous_atlas", remedy="choose one of them with atlas=")
                if not names:
                    raise UnknownName(f"{server.address} serves no atlas", code="client.no_atlas",
                                      remedy="start it with an atlas: `nasatlas serve ATLAS`")
                atlas = names[0]
        return RemoteAtlas(server, atlas, follow)
    except BaseException:
        server.close()
        raise


def connected(address: str, name: str, timeout_seconds: float, retries: int, follow: bool) -> RemoteAtlas:
    """The atlas that was pickled, over a new connection."""
    return connect(address, name, timeout_seconds=timeout_seconds, retries=retries, follow=follow)
