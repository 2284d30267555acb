"""What a line of the results is a figure of, in words: for tables that hold lines of every measure."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.schema.naming import named
from annotations.schema.spec import Spec
from annotations.web.agreement import coefficients
from annotations.web.agreement.naming import attribute_word, step_words

_WORDS: Mapping[str, str | Promise] = {
    "u_alpha": gettext_lazy("u-alpha"),
    "gamma": gettext_lazy("Gamma"),
    "gamma_cat": gettext_lazy("Gamma-cat"),
    "gamma_k": gettext_lazy("Gamma-k"),
    "cu_alpha": gettext_lazy("cu-alpha"),
    "ku_alpha": gettext_lazy("(k)u-alpha"),
}
_F1: Mapping[str, str | Promise] = {
    "exact": gettext_lazy("Exact F1"),
    "iou:0.5": gettext_lazy("Half shared F1"),
    "overlap": gettext_lazy("Overlap F1"),
}


def measure_word(spec: Spec, row: Mapping[str, Any]) -> str:
    """Return the measure of a line, with what it compares."""
    measure, variant, attribute = row["measure"], row["variant"], row["attribute"]
    if measure == "span_f1":
        return str(_F1.get(variant, variant))
    if measure == "funnel":
        return _("F1 left after: %(step)s") % {"step": step_words(spec, variant, attribute or "")}
    if measure in coefficients.LINKS:
        return f"{coefficients.link_word(spec, row)}, {coefficients.over(row['matched'])}"
    if measure == "u_alpha" and variant == "nominal" and row["label"] is None:
        return _("u-alpha, labels told apart")
    if measure in _WORDS:
        return str(_WORDS[measure])
    word = coefficients.WORDS.get((measure, variant), measure)
    what = attribute_word(spec, attribute, row["label"])
    return f"{what}: {word}, {coefficients.over(row['matched'])}"


def label_word(spec: Spec, key: str | None) -> str:
    """Return the name of a label, or the word for all."""
    label = spec.label(key) if key else None
    return named(label.name) if label else key or _("All labels")
