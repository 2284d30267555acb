"""The sentence for each reason why a file of layers is refused."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from annotations.corpora import reasons
from annotations.corpora.readers.drafts import Reason

_SENTENCES: Mapping[str, object] = {
    "layer_not_utf8": _("The bytes %(bytes)s are no text in UTF-8."),
    "layer_shape": _("This is no line of kutip/1: %(detail)s."),
    "layer_format": _("The format is “%(given)s”; only kutip/1 is read."),
    "layer_offset_unit": _(
        "The offsets are counted in “%(given)s”; kutip/1 counts code points (codepoint)."
    ),
    "layer_schema": _("The schema is %(given)s; the campaign uses %(expected)s."),
    "layer_sha256": _("The article's sha256 is not that of its text."),
    "layer_article": _("The corpus %(corpus)s has no article with this text."),
    "layer_twice": _("The layer of %(name)s over this article stands twice in the file."),
    "layer_kind": _("A layer is of kind annotator or gold, not “%(given)s”."),
    "layer_status": _("A layer is open, submitted, reopened or skipped, not “%(given)s”."),
    "layer_submitted_at": _("“%(given)s” is no moment such as 2026-10-31T08:30:00Z."),
    "layer_annotator": _("“%(name)s” cannot be an annotator: %(why)s"),
    "layer_note_empty": _("The note %(note)s has no words."),
    "layer_flag": _("“%(given)s” holds something that is no flag, or a flag twice."),
    "layer_confidence": _("A confidence is 1, 2 or 3, not %(given)s."),
    "layer_waiver": _("The waiver %(waiver)s does not cover the text it says it covers."),
    "layer_message_kind": _("Only layers of annotators have messages."),
    "layer_message_empty": _("The message %(message)s has no text."),
    "layer_message_span": _("The message %(message)s is about a span that is not in its layer."),
    "layer_settlement_kind": _("Only a gold layer has settlements."),
    "layer_settlement": _("The settlement %(settlement)s cannot stand: %(why)s."),
    "layer_settlement_took": _(
        "The settlement %(settlement)s took the version of “%(annotator)s”, who has no layer in this"
        " line."
    ),
    "layer_member": _(
        "The settlement %(settlement)s is of “%(id)s”, which is not in a layer of “%(annotator)s” in"
        " this line."
    ),
    "layer_result": _("What came of the settlement %(settlement)s, “%(id)s”, is not in its layer."),
    "layer_id_empty": _("An id is empty."),
    "layer_id_twice": _("The id %(name)s stands twice in one layer."),
    "layer_label": _("The schema has no label “%(label)s”."),
    "layer_fragments": _("The fragments of span %(span)s cannot stand: %(why)s."),
    "layer_text": _("Span %(span)s does not cover the text it says it covers."),
    "layer_attribute": _("%(owner)s has no attribute “%(attribute)s”."),
    "layer_value": _("The attribute %(attribute)s of %(owner)s has no value “%(value)s”."),
    "layer_character": _("%(field)s holds %(character)s, which it may not hold."),
    "layer_no_entity": _("A span labelled %(label)s is not linked to entities."),
    "layer_relation": _("The schema has no relation “%(relation)s”."),
    "layer_from": _("A relation %(relation)s cannot start where this one does."),
    "layer_to": _("A relation %(relation)s cannot end where this one does."),
    "layer_loop": _("A relation %(relation)s ends where it starts."),
    "layer_relation_twice": _("The same relation stands twice in one layer."),
    "layer_name": _("“%(given)s” cannot be a %(field)s: it is empty, or has spaces too many."),
    "layer_entity_type": _("“%(given)s” is no type of entity."),
    "layer_alias_kind": _("“%(given)s” is no kind of alias."),
    "layer_entity_id": _("“%(given)s” is no UUID; entities are known by UUIDs."),
    "layer_entity_differs": _("The entity %(entity)s is called “%(name)s” elsewhere."),
    "layer_entity_unknown": _("Nothing describes the entity %(entity)s."),
    "layer_heir_unknown": _(
        "The entity %(entity)s is merged into %(heir)s, which this line does not describe."
    ),
    "layer_heir_circle": _("What the entity %(entity)s is merged into is merged into it."),
    "layer_heir_differs": _(
        "The entity %(entity)s, “%(name)s”, is merged into another one, or into none, elsewhere."
    ),
    "layer_heir_proposed": _(
        "The entity %(entity)s is merged into “%(name)s”, which is a proposal here: accept it first."
    ),
    # what other formats hold
    "tagged_unlabelled": _("%(span)s has no label. It was left out."),
    "tagged_id_twice": _("The id %(id)s stands twice. The second one was left out."),
    "tagged_backwards": _("%(span)s ends before it begins. It was left out."),
    "tagged_empty": _("%(span)s covers nothing. It was left out."),
    "tagged_cut": _(
        "%(span)s reaches over the end of the text (%(length)s characters). It ends there now."
    ),
    "tagged_text_differs": _(
        "%(span)s is said to cover “%(said)s”, but other words stand there. Its offsets were believed."
    ),
    "tagged_dangling": _("%(relation)s leads to %(missing)s, which is not there. It was left out."),
    "tagged_loop": _("%(relation)s ends where it starts. It was left out."),
    "tagged_article_missing": _(
        "The article of these layers could not be loaded, so neither could they."
    ),
    "tagged_layer_twice": _("%(name)s has tagged this text twice. The first layer counts."),
    "tagged_character": _(
        "%(span)s has %(character)s in its id or label, which no text may hold. It was left out."
    ),
    "tagged_value": _("The value of “%(name)s” cannot be kept as text. It was left out."),
    "tagged_relation_twice": _("%(relation)s stands twice. The second one was left out."),
    # brat
    "brat_no_text": _("There is no text %(name)s beside this file, so it was left out."),
    "brat_line": _("“%(line)s” is no annotation that brat writes. It was left out."),
    "brat_joined": _("%(span)s was cut at line breaks, as brat does. Its pieces are one again."),
    "brat_reference": _("%(span)s is linked twice. The link to %(reference)s was left out."),
    "brat_twice": _("Another file is called %(name)s, too. This second one was left out."),
    "brat_stopped": _(
        "The file is longer than %(bytes)s bytes or %(lines)s lines. From here on it was left out."
    ),
    "brat_event_type": _(
        "The event %(event)s has another type than its trigger. It is %(label)s now, as the trigger"
        " is."
    ),
    "brat_event_shared": _(
        "The event %(event)s shares the trigger %(trigger)s with another. They are one span now."
    ),
    "brat_role": _("The role %(role)s lost its number. It is %(kind)s now."),
    "brat_attribute": _(
        "%(attribute)s gives %(owner)s a second value. The first one counts; this was left out."
    ),
    # CoNLL
    "conll_line": _("“%(line)s” has no column with a tag. The line was left out."),
    "conll_tag": _("“%(tag)s” is no tag such as B-PER, I-PER or O. The word was left untagged."),
    "conll_sequence": _("%(tag)s cannot follow %(before)s. It begins a span now."),
    "conll_columns": _(
        "“%(line)s” has %(count)s columns, others have %(expected)s. What stands between its word"
        " and its tag was not read."
    ),
    "conll_text": _(
        "The words do not make up the text “%(text)s”. They stand with a space between them now."
    ),
    "conll_no_tags": _(
        "No column of this file holds tags such as B-PER, I-PER and O. It was left out."
    ),
    "conll_empty": _("This document holds no word with a tag. It was left out."),
    "conll_more": _("More of this document could not be read than is named here."),
    # WebAnno TSV
    "webanno_none": _("This file holds no WebAnno TSV 3. It was left out."),
    "webanno_line": _("“%(line)s” is no line that WebAnno writes. It was left out."),
    "webanno_columns": _(
        "“%(line)s” has %(count)s columns of annotations; the header names %(expected)s. Each was"
        " read as what the header names at its place."
    ),
    "webanno_layer": _(
        "The layer %(layer)s was left out: together the layers have more than %(limit)s columns."
    ),
    "webanno_outside": _("The token %(row)s is not inside its sentence. It was left out."),
    "webanno_words": _(
        "Other words than “%(words)s” stand where the token %(row)s is said to be. Its offsets were"
        " believed."
    ),
    "webanno_gap": _(
        "This sentence begins where the one before it does not let it. It stands on a line of its"
        " own now."
    ),
    # UIMA CAS
    "uima_none": _("This holds no UIMA CAS with a text. It was left out."),
    "uima_doctype": _("The file declares a DOCTYPE, which no CAS has. It was left out."),
    "uima_xml": _("Here the file stops being XML. It was left out."),
    "uima_deep": _("Elements stand in each other deeper than in any CAS. The file was left out."),
    "uima_large": _("The file holds more than %(limit)s structures. It was left out."),
    "uima_more": _("The file holds more than %(limit)s structures. The rest was left out."),
    "uima_odd": _("“%(structure)s” is no structure of a CAS. It was left out."),
    "uima_links": _(
        "The document has more than %(limit)s relations. From here on they were left out."
    ),
    "uima_ends": _("%(structure)s leads further than to its two ends. That was left out."),
    "uima_view": _("%(structure)s is about another text of this file. It was left out."),
    "uima_whole": _("%(structure)s stands at no place in the text. It was left out."),
    # registries
    "registry_shape": _("This is no line of a registry: %(detail)s."),
    "registry_columns": _(
        "The first row names the columns: name and type, and any others of %(columns)s."
    ),
    "registry_quotes": _("From here on the quotation marks do not pair up. Nothing more was read."),
    # REFI-QDA
    "qda_none": _("This holds no REFI-QDA project. It was left out."),
    "qda_empty": _("This project holds no text."),
    "qda_outside": _(
        "The text of “%(name)s” lies outside the project (%(path)s), so it was left out. Export the"
        " project with its sources in it."
    ),
    "qda_missing": _("The text of “%(name)s” (%(path)s) is not in the project. It was left out."),
    "qda_formatted": _(
        "“%(name)s” has formatted text alone, in which no positions can be counted. It was left out."
    ),
    "qda_no_text": _("“%(name)s” has no text. It was left out."),
    "qda_position": _("“%(selection)s” has no positions that are numbers. It was left out."),
    "qda_uncoded": _("“%(selection)s” has neither a code nor a memo. It was left out."),
    "qda_uncoded_memo": _(
        "“%(selection)s” has a memo, but no code. The memo is a note of the article now."
    ),
    "qda_whole": _(
        "The code “%(label)s” is about the whole text. It is a note of the article now."
    ),
    "qda_memo": _("Nobody coded this text. The memo “%(note)s” about it was left out."),
    "qda_notes": _(
        "The notes of this text are longer than %(limit)s characters together. “%(note)s” was left"
        " out."
    ),
    "qda_beside": _(
        "The project has %(what)s, %(count)s times, which Kutip cannot hold. That was left out."
    ),
    "qda_breaks": _(
        "The positions in this text count line breaks otherwise than they stand in it. They count"
        " them as they stand now."
    ),
    "qda_mark": _(
        "The positions in this text count the byte order mark before it. They do not any more."
    ),
    "qda_unit": _(
        "Nothing in this project tells how its positions count line breaks or emoji. They were read"
        " in the likeliest way; where spans behind these are shifted, it was another."
    ),
    # doccano, Label Studio, spaCy and Prodigy
    "offsets_utf16": _(
        "The offsets of this article count UTF-16 units, so that emoji are two. They count"
        " characters now."
    ),
    "doccano_unit": _(
        "Nothing in this file tells whether its offsets count emoji as one character or as two."
        " They were read as one; where spans behind an emoji are shifted, it was two."
    ),
    "doccano_comment": _("“%(comment)s” is no comment in words. It was left out."),
    "json_odd_span": _("“%(span)s” is no span. It was left out."),
    "json_odd_relation": _("“%(relation)s” is no relation. It was left out."),
    "prodigy_answer": _("The answer to this text is “%(answer)s”; only what was accepted is read."),
    "studio_no_text": _("This task has no text. It was left out."),
    "studio_cancelled": _("%(name)s skipped this task: what was tagged in it was left out."),
    "studio_predictions": _("What a model predicted was left out: nobody had accepted it."),
    "studio_drafts": _("Drafts that nobody had submitted were left out."),
    "studio_truth": _(
        "%(name)s's layer was marked as ground truth. It is a layer as the others are now."
    ),
    "studio_region": _("A region of type “%(type)s” covers no text by offsets. It was left out."),
    "studio_both_ways": _("%(relation)s goes both ways. It goes one way now."),
}

CODES = frozenset(_SENTENCES)


def sentence(code: str, values: Mapping[str, str | int]) -> str:
    """What is wrong, as one sentence in the active language."""
    if code in _SENTENCES:
        return str(_SENTENCES[code]) % values
    return reasons.sentence(Reason(code, values))
