"""The dataset card of a Parquet export, in the form that Hugging Face reads."""

import json
import re
from collections.abc import Set as AbstractSet

from annotations.schema.spec import Spec

_is_code = re.compile("[a-z]{2,3}").fullmatch


def card(spec: Spec, languages: AbstractSet[str]) -> str:
    """`README.md`: where the data are, for programs, and what a row is, for people. The schema's key
    and version may be any text, and are quoted; languages are named by their codes alone."""
    codes = "".join(f"- {code}\n" for code in sorted(languages) if _is_code(code))
    known = f"language:\n{codes}" if codes else ""
    return f"""---
{known}configs:
- config_name: default
  data_files:
  - split: train
    path: data/*.parquet
---

# Annotated articles

Exported from Kutip. Labels, attributes and relations are those of the schema {_quoted(spec.key)},
version {_quoted(spec.version)}.

A row is a layer: what one annotator labelled in one article, or the gold that an adjudicator settled
(`kind`). An article that several people labelled is in as many rows; one that nobody labelled is in
a row without `annotator`. Rows of one article follow one another.

- Offsets (`spans[].fragments`, from `start` to before `end`) count **code points** of `text`, as Python
  does: `text[start:end]` is the piece in `spans[].text`. `sha256` is that of `text` in UTF-8.
- An attribute has a `value`, or where it is yes or no a `truth`.
- A relation starts from a span, or the article (`from_article`), and leads to a span or an entity.
- `metadata` is JSON. `split` is the part an article is in, where the export was parted.
- When you split the data, keep the rows of one `article` together.
"""


def _quoted(text: str) -> str:
    """As code: without what would end it."""
    return f"`{json.dumps(text, ensure_ascii=False)[1:-1].replace('`', chr(39))}`"
