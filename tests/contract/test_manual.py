"""The examples of docs/emulator.md, word for word but for the address."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from tests.contract.https import NAMES
from tests.contract.node_modules import modules
from tests.emulator import Emulator

__all__ = ["modules"]

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "emulator.md"
ADDRESS = "http://127.0.0.1:8001"
SECONDS_MAX = 120


def _examples(emulator: Emulator, language: str) -> list[str]:
    text = MANUAL.read_text().replace(ADDRESS, emulator.url)
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def _ran(command: list[str], *, script: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        input=script,
        env={**os.environ, "NO_PROXY": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def tidy(emulator: Emulator) -> Emulator:
    emulator.clear_faults()
    return emulator


def test_the_first_calls_answer_as_the_page_says(tidy: Emulator) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine")
    calls = [one for one in _examples(tidy, "sh") if "curl" in one]
    try:
        told = _ran(["bash", "-eu"], script="\n".join(calls))
    finally:
        tidy.clear_faults()
    assert '"DisplayName":"Harbor Bakery"' in told
    assert '"maxResults":1' in told
    assert '"limits":false' in told
    assert '"state":"lapsed"' in told
    assert '"metered_reads":1' in told


def test_the_certificate_is_good_for_every_name(tidy: Emulator, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    (example,) = [one for one in _examples(tidy, "sh") if "openssl" in one]
    _ran(["bash", "-eu"], script=f"cd {tmp_path}\n{example}")
    made = x509.load_pem_x509_certificate((tmp_path / "certificate.pem").read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert sorted(names.get_values_for_type(x509.DNSName)) == sorted(NAMES)
    assert (tmp_path / "key.pem").exists()


def test_the_python_example_lists_the_customers(tidy: Emulator) -> None:
    (example,) = [one for one in _examples(tidy, "python") if "quickbooks" in one]
    assert "Amelia Hartwell" in _ran([sys.executable, "-"], script=example)


def test_the_node_example_lists_the_customers(tidy: Emulator, modules: Path) -> None:
    (example,) = _examples(tidy, "js")
    assert "Amelia Hartwell" in _ran(["node", "-"], script=example, NODE_PATH=str(modules))
