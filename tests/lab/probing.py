"""Real connections: opened, answered, and counted only if the right one answers.

Everybody who is asked says its name. TCP and UDP are ordinary sockets, bound to the client's port; pings are answered
by a process instead of the kernel, so that the answer tells who gave it.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tests.lab.building import Building
from tests.lab.wiring import INTERNET_HOSTS

__all__ = ["SERVED", "Probe", "Prober"]

SERVED = {"tcp": (22, 80, 443, 5432, 8080), "udp": (53, 443, 8080)}
"""The ports that every host listens on."""

_MOST_SOCKETS = 12_000
_BETWEEN = 64  # probes between two looks at what has arrived
_ECHO_REPLY, _ECHO_REQUEST = 0, 8
_ICMP = struct.Struct("!BBHHH")
_REFUSED = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNREFUSED, errno.EACCES, errno.EINVAL, errno.EPERM}


class Probe(NamedTuple):
    """One connection to be tried."""

    building: Building
    source: str
    target: str
    protocol: str
    client_port: int
    port: int


class Prober:
    """Servers on all hosts of some networks, and clients for one wave of probes after the other."""

    def __init__(self, buildings: Iterable[Building]) -> None:
        self._poll = select.epoll()
        self._handlers: dict[int, Callable[[], None]] = {}
        self._servers: list[socket.socket] = []
        self._pingers: dict[tuple[int, str], socket.socket] = {}
        self._pings: dict[tuple[int, int], tuple[int, bytes]] = {}
        self._pending: dict[int, tuple[socket.socket, int, bytes]] = {}
        self._results: list[bool] = []
        self._last = 0.0
        for building in buildings:
            for name, address in _hosts(building):
                building.room(name).enter()
                self._serve(building, name, address)

    def close(self) -> None:
        """Stop serving."""
        for server in self._servers:
            server.close()
        self._poll.close()

    def probe(self, probes: list[Probe], patience: float) -> list[bool]:
        """Whether each gets through, and its answer back. `patience` is how long nothing may happen, in seconds."""
        self._results = [False] * len(probes)
        numbers = sorted(range(len(probes)), key=lambda each: (id(probes[each].building), probes[each].source))
        for first in range(0, len(numbers), _MOST_SOCKETS):
            self._wave(probes, numbers[first : first + _MOST_SOCKETS], patience)
        return self._results

    def _wave(self, probes: list[Probe], numbers: list[int], patience: float) -> None:
        entered: tuple[int, str] | None = None
        for count, number in enumerate(numbers):
            probe = probes[number]
            if entered != (id(probe.building), probe.source):
                entered = (id(probe.building), probe.source)
                probe.building.room(probe.source).enter()
            self._send(probe, number)
            if count % _BETWEEN == 0:
                self._look(0.0)
        self._last = time.monotonic()
        while (self._pending or self._pings) and time.monotonic() - self._last < patience:
            self._look(patience)
        for client, _, _ in self._pending.values():
            client.close()
        self._pending.clear()
        self._pings.clear()

    def _look(self, timeout: float) -> None:
        for descriptor, _ in self._poll.poll(timeout):
            self._last = time.monotonic()
            if descriptor in self._pending:
                self._answered(descriptor)
            elif descriptor in self._handlers:
                self._handlers[descriptor]()

    # Servers

    def _serve(self, building: Building, name: str, address: str) -> None:
        own = name.encode()
        for port in SERVED["tcp"]:
            server = self._server(socket.SOCK_STREAM, address, port)
            server.listen(4_096)
            self._handle(server, _accepting(server, own))
        for port in SERVED["udp"]:
            server = self._server(socket.SOCK_DGRAM, address, port)
            self._handle(server, _echoing(server, own))
        pinger = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
        pinger.bind((address, 0))
        self._pingers[id(building), name] = pinger
        self._handle(pinger, self._ponging(pinger, own))

    @staticmethod
    def _server(kind: int, address: str, port: int) -> socket.socket:
        server = socket.socket(socket.AF_INET, kind | socket.SOCK_NONBLOCK)
        server.bind((address, port))
        return server

    def _handle(self, server: socket.socket, handler: Callable[[], None]) -> None:
        self._servers.append(server)
        self._handlers[server.fileno()] = handler
        self._poll.register(server, select.EPOLLIN)

    def _ponging(self, pinger: socket.socket, own: bytes) -> Callable[[], None]:
        """Answer requests with one's name; take the answers to one's own."""

        def handle() -> None:
            for packet, sender in _arrived(pinger):
                message = packet[(packet[0] & 15) * 4 :]
                kind, _, _, identity, sequence = _ICMP.unpack_from(message)
                if kind == _ECHO_REQUEST:
                    _try(pinger.sendto, _echo(_ECHO_REPLY, identity, sequence, own), sender)
                elif kind == _ECHO_REPLY:
                    number, wanted = self._pings.pop((pinger.fileno(), identity), (-1, b""))
                    if number >= 0 and message[_ICMP.size :] == wanted:
                        self._results[number] = True

        return handle

    # Clients

    def _send(self, probe: Probe, number: int) -> None:
        own = str(probe.building.wiring.address_of(probe.source, probe.source))
        peer = str(probe.building.wiring.address_of(probe.target, probe.source))
        wanted = _answering(probe.building, probe.target)
        if probe.protocol == "icmp":
            pinger = self._pingers[id(probe.building), _answering(probe.building, probe.source).decode()]
            identity = number % 65_536
            message = _echo(_ECHO_REQUEST, identity, 1, b"")
            if _try(pinger.sendto, message, (peer, 0)):
                self._pings[pinger.fileno(), identity] = (number, wanted)
            return
        kind = socket.SOCK_STREAM if probe.protocol == "tcp" else socket.SOCK_DGRAM
        client = socket.socket(socket.AF_INET, kind | socket.SOCK_NONBLOCK)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.bind((own, probe.client_port))
        if probe.protocol == "tcp":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        started = client.connect_ex((peer, probe.port))
        if started not in (0, errno.EINPROGRESS):
            client.close()
            if started not in _REFUSED:
                raise OSError(started, os.strerror(started), f"{probe}")
            return
        if probe.protocol == "udp" and not _try(client.send, b"?"):
            client.close()
            return
        self._pending[client.fileno()] = (client, number, wanted)
        self._poll.register(client, select.EPOLLIN)

    def _answered(self, descriptor: int) -> None:
        client, number, wanted = self._pending.pop(descriptor)
        try:
            self._results[number] = client.recv(256) == wanted
        except OSError as error:
            if error.errno not in (*_REFUSED, errno.ECONNRESET, errno.ETIMEDOUT):
                raise
        client.close()


def _hosts(building: Building) -> Iterable[tuple[str, str]]:
    for port in building.facts.ports.values():
        if not port.is_nat:
            yield port.id, str(port.address)
    yield from ((each, each) for each in INTERNET_HOSTS)


def _answering(building: Building, name: str) -> bytes:
    """The name by which somebody answers."""
    return building.facts.aliases.get(name, name).encode()


def _accepting(server: socket.socket, own: bytes) -> Callable[[], None]:
    def handle() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except BlockingIOError:
                return
            _try(connection.send, own)
            connection.close()

    return handle


def _echoing(server: socket.socket, own: bytes) -> Callable[[], None]:
    def handle() -> None:
        for _, sender in _arrived(server):
            _try(server.sendto, own, sender)

    return handle


def _arrived(server: socket.socket) -> Iterable[tuple[bytes, tuple[str, int]]]:
    while True:
        try:
            yield server.recvfrom(256)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno not in _REFUSED:
                raise


def _try(send: Callable[..., int], *arguments: object) -> bool:
    """Whether a packet was taken: filters and routes may refuse it right away."""
    try:
        send(*arguments)
    except OSError as error:
        if error.errno not in (*_REFUSED, errno.EPIPE, errno.ECONNRESET):
            raise
        return False
    return True


def _echo(kind: int, identity: int, sequence: int, data: bytes) -> bytes:
    """A ping, or the answer to one."""
    header = _ICMP.pack(kind, 0, 0, identity, sequence)
    padded = header + data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    total = (total >> 16) + (total & 0xFFFF)
    total += total >> 16
    return _ICMP.pack(kind, 0, ~total & 0xFFFF, identity, sequence) + data
