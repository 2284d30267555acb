"""The way to what one is corrected in, for every screen that shows one's own layers."""

from urllib.parse import urlencode

from annotations.web.shell import way_to


def corrections_url(campaign: str, **asked: object) -> str:
    """Where one's corrections in a campaign (a slug) are shown: those that these words ask for."""
    told = f"?{urlencode(asked)}" if asked else ""
    return f"{way_to('own_corrections', campaign)}{told}"
