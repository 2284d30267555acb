"""The words for what is lost, compared or met."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.schema.naming import named
from annotations.schema.spec import Spec
from annotations.web.agreement.asking import Asked
from annotations.web.labels import value_words

_ALONE: Mapping[str, str | Promise] = {
    "exact": gettext_lazy("Without an equal span in the other layer"),
    "iou:0.5": gettext_lazy("Without a span in the other layer that shares half"),
    "overlap": gettext_lazy("Without an overlapping span in the other layer"),
}
_MATCHED: Mapping[str, str | Promise] = {
    "exact": gettext_lazy("Equal spans"),
    "iou:0.5": gettext_lazy("Spans that share half"),
    "overlap": gettext_lazy("Overlapping spans"),
}
_STEPS: Mapping[str, str | Promise] = {
    "found": gettext_lazy("Found by one annotator only"),
    "boundary": gettext_lazy("Different boundaries"),
    "label": gettext_lazy("Different labels"),
    "entity": gettext_lazy("Different entities"),
}
_OUTCOMES: Mapping[str, str | Promise] = {
    "same": gettext_lazy("the same"),
    "different": gettext_lazy("different"),
    "one": gettext_lazy("only one annotator says"),
}


def step_words(spec: Spec, step: str, detail: str) -> str:
    """Return what is lost at a step of the funnel, as a heading."""
    if step == "value":
        return _("Different: %(what)s") % {"what": attribute_word(spec, detail)}
    if step == "relation":
        return _("Different: %(what)s") % {"what": relation_word(spec, detail)}
    return str(_STEPS[step])


def attribute_word(spec: Spec, key: str, label: str | None = None) -> str:
    """Return the name of an attribute, of this label or of the first that has one of this key."""
    for each in spec.labels:
        attribute = each.attribute(key)
        if attribute is not None and label in (None, each.key):
            return named(attribute.name)
    return key


def relation_word(spec: Spec, key: str) -> str:
    relation = spec.relation(key)
    return named(relation.name) if relation else key


def title_of(spec: Spec, asked: Asked) -> str:
    """Return what the list of these spans is called."""
    choice = asked.choice
    if choice.what == "lost":
        return step_words(spec, choice.step, choice.detail)
    if choice.what == "alone":
        return str(_ALONE[choice.variant])
    if choice.what == "matched":
        return str(_MATCHED[choice.variant])
    if choice.what == "value":
        return f"{attribute_word(spec, choice.detail, asked.label)}: {_values(spec, asked)}"
    what = relation_word(spec, choice.detail) if choice.what == "relation" else _("Entity")
    return f"{what}: {_OUTCOMES[asked.outcome]}"


def _values(spec: Spec, asked: Asked) -> str:
    two, label = asked.choice.two, spec.label(asked.label) if asked.label else None
    if two is None:
        return _("different values")
    attribute = label.attribute(asked.choice.detail) if label else None
    words = value_words(attribute) if attribute else {}
    return " · ".join(words.get(value, value) for value in two)
