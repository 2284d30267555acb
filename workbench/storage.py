"""Static files under names that hold their content's hash, the ES modules' imports included.

Django's own switch for modules aggregates every script of every package and stumbles over
django-htmx, so only our own modules are rewritten, and only imports in the one style we write:
`from "./x.js"` and `import "./x.js"`, in double quotes. The desk's modules, and the style sheets
that only import others, become one file each (`workbench.scripts`, `workbench.styles`).
"""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from workbench.scripts import bundled_scripts, shortened
from workbench.styles import bundled_style, stripped_style

OURS = "annotations/"
ENTRY = "annotations/js/main.js"
BUNDLES = (ENTRY, "annotations/js/adjudicating.js")

_FROM = (r'(?P<matched>\bfrom\s*"(?P<url>\.[^"\n]+)")', 'from "%(url)s"')
_ASKED = (r'(?P<matched>\bimport\("(?P<url>\.[^"\n]+)"\))', 'import("%(url)s")')
_BARE = (r'(?P<matched>\bimport\s*"(?P<url>\.[^"\n]+)")', 'import "%(url)s"')


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """What `collectstatic` found is written as short as it can be (our own files), hashed,
    compressed (gzip and brotli), and remembered in a manifest.

    A module that imports a missing one makes `collectstatic` fail. Modules may import each other
    twenty levels deep, but not in a circle: a circle of hashes has no solution.
    """

    bundles = BUNDLES
    max_post_process_passes = 20
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("annotations/js/*.js", (_FROM, _BARE, _ASKED)),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """What only those need who read the sources stays there: half of what a first visit would
        download."""
        if not dry_run:
            bundles: dict[str, str] = {}
            for entry in paths.keys() & set(BUNDLES):
                bundles |= bundled_scripts(entry, self._text)
            texts = {name: text for name in paths if (text := self._stripped(name, bundles))}
            for name, text in texts.items():
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
            paths = paths | {name: (self, name) for name in texts}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _stripped(self, name: str, bundles: dict[str, str]) -> str | None:
        """One of our own scripts or style sheets as it is served; None for any other file."""
        if not name.startswith(OURS):
            return None
        if name.endswith(".css"):
            return stripped_style(bundled_style(name, self._text))
        if name.endswith(".js"):
            return bundles.get(name) or shortened(self._text(name))
        return None

    def _text(self, name: str) -> str:
        with self.open(name) as source:
            return str(source.read().decode())
