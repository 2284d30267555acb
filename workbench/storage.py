"""Static files under names that hold their content's hash, the ES modules' imports included.

Django's own switch for modules aggregates every script of every package and stumbles over
django-htmx, so only our own modules are rewritten, and only imports in the one style we write:
`from "./x.js"` and `import "./x.js"`, in double quotes.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_FROM = (r'(?P<matched>\bfrom\s+"(?P<url>\.[^"\n]+)")', 'from "%(url)s"')
_BARE = (r'(?m)^(?P<matched>import\s+"(?P<url>\.[^"\n]+)")', 'import "%(url)s"')


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Hashes, compresses (gzip and brotli) and remembers in a manifest what `collectstatic` found.

    A module that imports a missing one makes `collectstatic` fail. Modules may import each other
    twenty levels deep, but not in a circle: a circle of hashes has no solution.
    """

    max_post_process_passes = 20
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("annotations/js/*.js", (_FROM, _BARE)),
    )
