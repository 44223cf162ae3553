"""An emulator that serves https, and the certificate it does so with."""

import ipaddress
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.emulator import free_port, stop

# Every host an application speaks to, of production and of the sandbox.
NAMES = (
    "developer.intuit.com",
    "appcenter.intuit.com",
    "oauth.platform.intuit.com",
    "developer.api.intuit.com",
    "accounts.platform.intuit.com",
    "sandbox-accounts.platform.intuit.com",
    "quickbooks.api.intuit.com",
    "sandbox-quickbooks.api.intuit.com",
)
START_SECONDS_MAX = 30


@dataclass(frozen=True, kw_only=True)
class Certificate:
    path: Path
    key: Path


def make_certificate(folder: Path, *, names: Sequence[str]) -> Certificate:
    """Make a certificate for this machine and some names, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *map(x509.DNSName, names)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate = Certificate(path=folder / "certificate.pem", key=folder / "key.pem")
    certificate.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    certificate.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate


@contextmanager
def serving_https(folder: Path, certificate: Certificate) -> Iterator[int]:
    """Run an emulator over a file in the folder; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "qbo_emulator.command_line", "--port", str(port)]
    command += ["--data", str(folder / "emulator.sqlite3")]
    command += ["--certfile", str(certificate.path), "--keyfile", str(certificate.key)]
    process = subprocess.Popen(command, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS_MAX
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS_MAX).close()
            except ConnectionRefusedError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                break
        yield port
    finally:
        stop(process)
