"""The sentence for each kind of thing that a format cannot hold."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from annotations.exchange.writers.losses import Part

_SENTENCES: Mapping[Part, object] = {
    Part.UNSEEN: _("Articles that nobody has labelled are left out."),
    Part.EMPTY: _("Layers without spans are left out: that somebody looked is not in the file."),
    Part.TEXT: _("The texts of the articles are left out."),
    Part.FIELDS: _(
        "Title, source, author, date, address, language and id of articles are left out."
    ),
    Part.METADATA: _("Further metadata of articles are left out."),
    Part.SPLIT: _("Which part (train, dev, test) an article is in is left out."),
    Part.STATUS: _("Whether and when a layer was submitted is left out."),
    Part.ARTICLE_NOTES: _("Notes about articles are left out."),
    Part.ARTICLE_FLAGS: _("Flags and confidence about articles are left out."),
    Part.WAIVERS: _("Waivers are left out."),
    Part.SETTLEMENTS: _("What the gold layer says it settled, and why, is left out."),
    Part.MESSAGES: _("What adjudicators asked about layers, and the answers, is left out."),
    Part.FRAGMENTS: _("Spans of several fragments become one span for each fragment."),
    Part.ATTRIBUTES: _("Attributes of spans are left out."),
    Part.ENTITY: _("Links of spans to entities are left out."),
    Part.SPAN_NOTES: _("Notes about spans are left out."),
    Part.FLAGS: _("Flags and confidence about spans are left out."),
    Part.RELATIONS: _("Relations are left out."),
    Part.FROM_ARTICLE: _("Relations that start from the article are left out."),
    Part.TO_ENTITY: _("Relations that lead to an entity, not to a span, are left out."),
    Part.RELATION_ATTRIBUTES: _("Attributes of relations are left out."),
    Part.ALIASES: _("Other names of entities are left out."),
    Part.MERGED: _("Entities that were merged are the ones they go on as."),
    Part.FALSE: _("Attributes that are set to “no” are left out."),
    Part.LINE_ENDS: _("Line ends become LF; offsets count these."),
    Part.EDGE_BREAKS: _("Line breaks or blanks at the edge of a fragment are no longer in it."),
    Part.NOTHING_LEFT: _(
        "Spans of nothing but line breaks or blanks are left out, with their relations."
    ),
    Part.JOINED: _("Fragments with only a line break between them will be read as one."),
    Part.NAMES: _(
        "Labels, attributes or relations have another name, as the format has fewer letters."
    ),
    Part.NOTE_LINES: _("Notes and texts of several lines become one line."),
    Part.TWINS: _(
        "Relations of spans that others equal in place and label will lead to the first of these."
    ),
    Part.OTHER_LABELS: _("Spans with other labels are left out."),
    Part.OVERLAPS: _("Spans that overlap one before them are left out."),
    Part.DISCONTINUOUS: _("Spans of several fragments are left out."),
    Part.INSIDE_TOKEN: _("Spans that begin or end inside a word are left out."),
    Part.CUT: _("Cells that are too long are cut off."),
    Part.UNWRITABLE: _("Characters that the format cannot hold become “�”."),
    Part.CUT_WORDS: _(
        "Words are cut where spans begin or end inside them; where your program does not cut them,"
        " it may widen these spans to whole words."
    ),
    Part.ENDLESS: _("Stances without a holder or without a target are left out."),
    Part.HULL: _("Stances of several fragments become one, from the first to the last."),
    Part.PUNCTUATION: _("Semicolons, quotation marks and line breaks are replaced."),
    Part.UNDATED: _("Articles without a date have 1 January 1970."),
    Part.SAME_NAMES: _("Entities that are called alike have a number behind their name."),
    Part.HEDGED: _("Stances that are conditional, denied or doubted are left out."),
    Part.OTHER_LAYERS: _("Layers of annotators are left out where an article has gold."),
    Part.UNLINKED: _("Stances whose holder or target is linked to no entity are left out."),
    Part.UNTIMED: _(
        "Stances of articles without a date, or of one outside the time, are left out."
    ),
    Part.UNSIGNED: _("Stances that have no value of what the ties are made of are left out."),
    Part.REPEATED: _("Stances that say the same again are counted once."),
    Part.SUMMED: _("Of stances their words, places and annotators are left out: they are counted."),
}


def sentence(part: Part) -> str:
    """What becomes of this kind of thing, in the language now active."""
    return str(_SENTENCES[part])
