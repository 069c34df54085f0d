"""One signed call to an address that an organisation named. No redirect is followed, and nothing inside the house's own
network is reached, unless the operator allows it (HMUT_WEBHOOKS_INSIDE): the address is a stranger's word."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

PATIENCE = 10.0  # seconds for a word of the other side
LIMIT = 20.0  # seconds for the whole call: who answers letter by letter must not hold the jobs up
LONGEST = 500  # characters of an address
TRANSLATED, COMPATIBLE = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96")
LARGEST = 200_000  # bytes of a reply that are read


class AddressRefused(ValueError):
    """The address is none that may be called."""


def checked(url: str, inside: bool = False) -> SplitResult:
    """The parts of an address that may be called. AddressRefused for anything but https to a named host; with `inside`
    also http, for programs in the operator's own network."""
    if len(url) > LONGEST or not url.isascii() or any(letter <= " " for letter in url):
        raise AddressRefused("not an address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("not an address") from error
    if parts.scheme not in (("https", "http") if inside else ("https",)) or not parts.hostname:
        raise AddressRefused("an address begins with https://")
    if parts.username or parts.password or parts.fragment or port == 0:
        raise AddressRefused("an address holds no user name and no part behind #")
    return parts


def basic(key: str) -> dict[str, str]:
    """The header of HTTP Basic whose user name is the key."""
    return {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}


def post(url: str, body: str, secret: str, at: int, inside: bool = False) -> int:
    """Send the body, signed; returns the HTTP status. Fails as `exchange` does."""
    return exchange("POST", url, body, {"Hmut-Signature": signature(body, secret, at)}, inside)[0]


def exchange(method: str, url: str, body: str, headers: Mapping[str, str], inside: bool = False) -> tuple[int, str]:
    """The HTTP status and the first LARGEST bytes of the reply. AddressRefused as in `checked` and for a host that lies
    inside; OSError or HTTPException where there was no answer."""
    parts = checked(url, inside)
    connection = _connection(parts, _place(parts, inside))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "Hmut", **headers}
    end = threading.Timer(LIMIT, _cut_off, (connection,))
    end.start()
    try:
        connection.request(method, path, body.encode(), sent)
        reply = connection.getresponse()
        return reply.status, reply.read(LARGEST).decode(errors="replace")
    finally:
        end.cancel()
        connection.close()


def _cut_off(connection: HTTPConnection) -> None:
    """Whoever waits for a word on it hears that there is none."""
    with suppress(OSError):
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)


def signature(body: str, secret: str, at: int) -> str:
    """t: Unix seconds of the try; v1: HMAC-SHA256 over "t.body" with the address's secret, in hexadecimal."""
    mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def _place(parts: SplitResult, inside: bool) -> str:
    """The address in numbers that is called: looked up once, so that a second answer of the name cannot differ."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not inside and not all(is_outside(number.split("%")[0]) for number in addresses):
        raise AddressRefused("the host lies inside a network of its own")
    return addresses[0]


def is_outside(number: str) -> bool:
    """Whether a numeric address is one host of the open internet; an IPv6 address that only carries an IPv4 one (as a
    translator's, 64:ff9b::/96) is what it carries."""
    address = ipaddress.ip_address(number)
    carried = _carried(address) if isinstance(address, ipaddress.IPv6Address) else None
    if carried is not None:
        return is_outside(str(carried))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in TRANSLATED or address in COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _connection(parts: SplitResult, place: str) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(place, parts.port or 80, timeout=PATIENCE)
    connection = HTTPSConnection(parts.hostname or "", parts.port or 443, timeout=PATIENCE)
    plain = socket.create_connection((place, parts.port or 443), PATIENCE)
    connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
    return connection


NO_ANSWER = (OSError, HTTPException)
