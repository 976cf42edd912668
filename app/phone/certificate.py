"""A certificate made on the spot, so that what a phone sends is encrypted.

Browsers give a page the camera over HTTPS alone. Nobody vouches for such a certificate, so a phone
warns of it once; its fingerprint is shown, to be compared by who wants to be sure.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

#: Before and after now: a phone whose clock is wrong by weeks finds it valid.
_VALID = timedelta(days=30)


@dataclass(frozen=True, slots=True, eq=False)
class OwnCertificate:
    """What a server shows a phone.

    Attributes
    ----------
    context
        For the server; the key is nowhere else.
    fingerprint
        SHA-256 of the certificate, in pairs of capital hexadecimal digits with colons.
    """

    context: ssl.SSLContext
    fingerprint: str


def make_certificate(address: str) -> OwnCertificate:
    """Make a key and a certificate for one address, which hold until the program forgets them.

    Parameters
    ----------
    address
        IPv4 or IPv6, in digits.
    """
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Beltline on this network")])
    now = datetime.now(UTC)
    where = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _VALID)
        .not_valid_after(now + _VALID)
        .add_extension(where, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        # iPhones take no certificate for a page without it.
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python takes a key from a file alone. The folder is its owner's, and gone a moment later.
    with TemporaryDirectory(prefix="beltline-") as folder:
        file = Path(folder) / "key"
        file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(file)
    fingerprint = made.fingerprint(hashes.SHA256()).hex(":").upper()
    return OwnCertificate(context, fingerprint)
