"""Schemas: register a version, look one up, freeze it."""

import functools

from django.db import transaction
from django.utils import timezone

from annotations.schema import spec as specs
from annotations.schema.models import Label, RelationType, Schema


class UnknownSchema(LookupError):
    """No such schema version."""


@transaction.atomic
def register(document: dict[str, object]) -> Schema:
    """The schema version that `document` defines is in the database, with its labels and
    relation types. A version that is there already with the same definition is returned;
    with another definition it is refused (SpecError)."""
    spec = specs.parse(document)
    schema, made = Schema.objects.get_or_create(
        key=spec.key, version=spec.version, defaults={"spec": document}
    )
    if not made:
        if schema.spec != document:
            raise specs.SpecError(f"{schema} is there already, with another definition")
        return schema
    Label.objects.bulk_create(
        Label(schema=schema, key=label.key, position=i) for i, label in enumerate(spec.labels)
    )
    RelationType.objects.bulk_create(
        RelationType(schema=schema, key=relation.key, position=i)
        for i, relation in enumerate(spec.relations)
    )
    return schema


def find(reference: str) -> Schema:
    """The schema named KEY@VERSION; the built-in one is registered when first asked for."""
    key, _, version = reference.partition("@")
    schema = Schema.objects.filter(key=key, version=version).first()
    if schema is None and reference == "atribusi@1.0":
        schema = register(specs.builtin_document())
    if schema is None:
        raise UnknownSchema(reference)
    return schema


def freeze(schema: Schema) -> None:
    """The version can never change again: something was tagged under it."""
    Schema.objects.filter(pk=schema.pk, frozen_at=None).update(frozen_at=timezone.now())


@functools.lru_cache(maxsize=64)
def spec_of(schema_id: int) -> specs.Spec:
    """The parsed definition of a schema. Kept for the life of the process: only frozen
    versions are asked for by the doors, and those never change."""
    return specs.parse(Schema.objects.values_list("spec", flat=True).get(pk=schema_id))


@functools.lru_cache(maxsize=64)
def label_ids(schema_id: int) -> dict[str, int]:
    return dict(Label.objects.filter(schema_id=schema_id).values_list("key", "pk"))


@functools.lru_cache(maxsize=64)
def relation_type_ids(schema_id: int) -> dict[str, int]:
    return dict(RelationType.objects.filter(schema_id=schema_id).values_list("key", "pk"))
