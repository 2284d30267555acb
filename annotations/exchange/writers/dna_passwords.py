"""Passwords as Discourse Network Analyzer keeps them (Jasypt's `StrongPasswordEncryptor`).

Whoever has the file has all that is in it: the password keeps nobody out, DNA only asks for one. So it
is the same in every file, and so is its salt.
"""

import hashlib
import unicodedata
from base64 import b64encode
from functools import cache

PASSWORD = "kutip"  # noqa: S105 - told in docs/formats.md
_ROUNDS = 100_000
_SALT_BYTES = 16


def digest(password: str, salt: bytes) -> str:
    """base64(salt + d), d the SHA-256 of salt and password, hashed 100,000 times in all."""
    hashed = hashlib.sha256(salt + unicodedata.normalize("NFC", password).encode()).digest()
    for _ in range(_ROUNDS - 1):
        hashed = hashlib.sha256(hashed).digest()
    return b64encode(salt + hashed).decode()


@cache
def everybodys() -> str:
    """The digest of `PASSWORD`."""
    return digest(PASSWORD, hashlib.sha256(b"kutip").digest()[:_SALT_BYTES])
