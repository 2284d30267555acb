"""PURE. Secrets that are shown once: only their SHA-256 is ever kept.

A secret has 256 random bits, so a plain hash of it is as good as a slow one.
"""

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return the SHA-256 of a secret, as it is kept. Any text has one, however strange."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
