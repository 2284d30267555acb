from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.accounts.secrets import digest, new_secret


def test_no_two_secrets_are_alike_and_each_fits_in_a_url() -> None:
    made = {new_secret() for _ in range(200)}
    assert len(made) == 200
    assert all(len(secret) == 43 and secret.isascii() and "/" not in secret for secret in made)


@settings(max_examples=60)
@given(st.text(alphabet=st.characters()))
def test_every_text_has_a_digest_of_32_bytes(text: str) -> None:
    assert len(digest(text)) == 32
