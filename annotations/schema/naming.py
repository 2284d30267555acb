"""The display names of a schema, in the language of whoever reads."""

from django.utils.translation import get_language

from annotations.schema.spec import Name


def named(name: Name) -> str:
    """The name in the language now active, else in English."""
    language = (get_language() or "en").partition("-")[0]
    return name.get(language) or name["en"]
