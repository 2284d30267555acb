"""What the demo must show, and how to see that an article does show it."""

import re
from collections import Counter
from collections.abc import Callable

from annotations.demo.records import DemoArticle, DemoLayer, DemoSpan

Seen = Callable[[DemoLayer], bool]


def labelled(label: str, **attributes: str | bool) -> Seen:
    return lambda layer: any(
        span.label == label and attributes.items() <= span.attributes.items()
        for span in layer.spans
    )


def related(type_: str) -> Seen:
    return lambda layer: any(relation.type == type_ for relation in layer.relations)


def quotes(layer: DemoLayer) -> list[DemoSpan]:
    return [span for span in layer.spans if span.label == "QUOTE"]


def has_split_quote(layer: DemoLayer) -> bool:
    return any(len(quote.fragments) > 1 for quote in quotes(layer))


def has_quote_across_paragraphs(layer: DemoLayer) -> bool:
    return any("\n\n“" in text for quote in quotes(layer) for text in quote.text)


def has_compound_source(layer: DemoLayer) -> bool:
    speakers = Counter(one.from_span for one in layer.relations if one.type == "SPEAKER")
    return any(count > 1 for count in speakers.values())


def has_denial_then_condition(layer: DemoLayer) -> bool:
    denied = [one for one in quotes(layer) if one.attributes.get("factuality") == "denied"]
    given_if = [one for one in quotes(layer) if one.attributes.get("condition") == "if"]
    return any(no.fragments[-1] < yes.fragments[0] for no in denied for yes in given_if)


def has_stance_by_action(layer: DemoLayer) -> bool:
    return labelled("STANCE", basis="action")(layer) or labelled("STANCE", basis="background")(
        layer
    )


IN_A_LAYER: dict[str, Seen] = {
    "split": has_split_quote,
    "partial": labelled("QUOTE", type="mixed"),
    "nested": related("NESTED_IN"),
    "metonym": labelled("ACTOR", metonymy="place_for_institution"),
    "denial_then_condition": has_denial_then_condition,
    "compound": has_compound_source,
    "scare": labelled("QUOTE", scare=True),
    "neutral": labelled("STANCE", polarity="neutral"),
    "background": has_stance_by_action,
    "not_said": labelled("QUOTE", factuality="not_said"),
    "paragraphs": has_quote_across_paragraphs,
    "free_indirect": labelled("QUOTE", type="free_indirect"),
    "demand": labelled("QUOTE", speech_act="demand"),
    "promise": labelled("QUOTE", speech_act="promise"),
    "question": labelled("QUOTE", speech_act="question"),
    "conditional": labelled("STANCE", conditional=True),
}

IN_THE_TEXT: dict[str, str] = {
    "clitic": r'["”»] (?:ujar|kata|ucap|tutur|jawab|jelas)nya\b',
    "relayed": r"(?i)dikutip|velmora press service|menurut laporan",
    "curly": r"“[^”]+”",
    "straight": r'"[^"]+"',
    "guillemets": r"«[^»]+»",
    "single_quotes": r"(?<!\w)‘[^’]+’",
    "emoji": r"[\U0001f300-\U0001faff\u2600-\u27bf]",
    "zwj": r"\u200d",
    "flag": r"[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4",
    "rtl": r"[\u0600-\u06ff]{2}",
    "en_dash": "–",
    "ellipsis": "…",
    "combining": r"\w[\u0300-\u036f]",
}


def shown(article: DemoArticle) -> set[str]:
    """Return the names of all phenomena that the article shows, in its text or its layers."""
    layers = article.layers.values()
    in_layers = {name for name, seen in IN_A_LAYER.items() if any(map(seen, layers))}
    in_text = {name for name, mark in IN_THE_TEXT.items() if re.search(mark, article.text)}
    return in_layers | in_text
