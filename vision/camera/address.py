"""The address of a camera in the network: what of it may be shown, and what is a secret.

No secret ever stands in a message, a log, a result or a file of settings: whatever leaves the
camera's own code holds :attr:`CameraAddress.public`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

HTTP_SCHEMES = frozenset({"http", "https"})
#: Names of parameters and parts of paths that cameras take a name or a password by.
_SECRET = re.compile(r"pass|pwd|pas$|user|usr|login|auth|token|secret|key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where a camera in the network is.

    Attributes
    ----------
    full
        The whole address, as it was given.
    public
        The address without name, password and whatever else looks like a secret.
    scheme
        In small letters.
    host
        In small letters, without a port; empty where the address makes no sense.
    port
        As given; None for the usual one.
    user, password
        Decoded; empty where there are none.
    """

    full: str = field(repr=False)
    public: str
    scheme: str
    host: str
    port: int | None
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def has_secret(self) -> bool:
        """Tell whether there is more in it than may be shown."""
        return self.full != self.public


def read_address(text: str) -> CameraAddress:
    """Return the parts of an address; nothing is looked up."""
    text = text.strip()
    scheme, _, rest = text.partition("://")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        # Nobody can tell what is secret in it.
        return CameraAddress(text, f"{scheme.lower()}://…" if rest else "…", scheme.lower(), "", 0)
    public = _public(parts)
    return CameraAddress(
        full=text,
        # An address without a secret stays as it was written.
        public=text if public == parts.geturl() else public,
        scheme=parts.scheme,
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def public_name(source: object) -> str:
    """Return what to call a camera, film or stream, without a secret in it."""
    name = str(source)
    return read_address(name).public if "://" in name else name


def _public(parts: SplitResult) -> str:
    place = parts.netloc.rpartition("@")[2]
    steps = [step for step in parts.path.split("/") if not ("=" in step and _SECRET.search(step))]
    query = parts.query
    known = parse_qsl(query, keep_blank_values=True)
    open_to_all = [(name, value) for name, value in known if not _SECRET.search(name)]
    if len(open_to_all) < len(known):
        query = urlencode(open_to_all)
    elif not known and _SECRET.search(query):
        query = ""
    return parts._replace(netloc=place, path="/".join(steps), query=query, fragment="").geturl()
