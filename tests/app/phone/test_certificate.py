"""A certificate for one address and one evening."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509

from app.phone import certificate
from tests.app.phone.scripted_phone import opened, port_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_it_names_the_address_and_holds_for_a_clock_that_is_wrong() -> None:
    with opened() as (_, phone, _):
        got = ssl.get_server_certificate(("127.0.0.1", port_of(phone.url)))
    made = x509.load_pem_x509_certificate(got.encode())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]
    now, week = datetime.now(UTC), timedelta(days=7)
    assert made.not_valid_before_utc < now - week < now + week < made.not_valid_after_utc
    # Longer ones are refused by iPhones.
    assert made.not_valid_after_utc - made.not_valid_before_utc < timedelta(days=398)


def test_the_key_stays_on_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = certificate.make_certificate("192.168.1.20")
    assert list(tmp_path.iterdir()) == []
    assert made.context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(made.fingerprint) == 32 * 3 - 1
    assert made.fingerprint != certificate.make_certificate("192.168.1.20").fingerprint
