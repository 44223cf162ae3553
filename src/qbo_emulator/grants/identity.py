"""Who signed in: id tokens, the key that signs them, and what userinfo tells (facts A1, A7).

There is one person, and one key, made when it is first needed and kept in the data file.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from qbo_emulator.ground.values import Json
from qbo_emulator.storage.store import Store

KEY_BITS = 2048
ID_TOKEN_SECONDS = 3_600
_KEPT_AS = "signing_key"
USER: Json = {
    "sub": "emulated-user-1",
    "email": "owner@example.com",
    "emailVerified": True,
    "givenName": "Olivia",
    "familyName": "Green",
    "phoneNumber": "+1 555 0100",
    "phoneNumberVerified": True,
    "address": {
        "streetAddress": "12 Orchard Lane",
        "locality": "Fairview",
        "region": "CA",
        "postalCode": "94999",
        "country": "US",
    },
}
# Which scope tells which members; `sub` is told with each of them.
TOLD_BY = {
    "email": ("email", "emailVerified"),
    "profile": ("givenName", "familyName"),
    "phone": ("phoneNumber", "phoneNumberVerified"),
    "address": ("address",),
}


def told(scope: str) -> Json:
    """Return what userinfo says to a token of these scopes."""
    members = {name for one in scope.split() for name in TOLD_BY.get(one, ())}
    return {name: value for name, value in USER.items() if name == "sub" or name in members}


def public_keys(store: Store) -> Json:
    public = _key(store).public_key()
    numbers = public.public_numbers()
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": _key_id(public)}
    return {"keys": [{**key, "n": _number(numbers.n), "e": _number(numbers.e)}]}


def id_token(store: Store, *, client_id: str, realm: str | None, issuer: str) -> str:
    key, now = _key(store), int(store.clock.seconds())
    claims = {
        "sub": USER["sub"],
        "aud": [client_id],
        **({"realmid": realm} if realm else {}),
        "auth_time": now,
        "iss": issuer,
        "exp": now + ID_TOKEN_SECONDS,
        "iat": now,
    }
    signed = f"{_part({'kid': _key_id(key.public_key()), 'alg': 'RS256'})}.{_part(claims)}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_text(signature)}"


def _key(store: Store) -> rsa.RSAPrivateKey:
    if store.value(_KEPT_AS) is None:
        store.keep_first(_KEPT_AS, _new_key())
    kept = store.value(_KEPT_AS) or ""
    key = serialization.load_pem_private_key(kept.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  made below, the type checker cannot know
    return key


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _key_id(key: rsa.RSAPublicKey) -> str:
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()[:32]


def _part(value: Any) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
