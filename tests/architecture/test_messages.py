"""The Indonesian words are complete and say the same as the English ones."""

from pathlib import Path
from typing import Any

import pytest

from workbench import messages

PO = messages.EMPTY.decode() + '\nmsgid "%(n)s cats"\nmsgstr "%(n)s kucing"\n'


@pytest.fixture
def domain(tmp_path: Path, monkeypatch: Any) -> messages.Domain:
    """A small project of one template and one catalogue."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "cats.html").write_text(
        "{% load i18n %}{% blocktranslate %}{{ n }} cats{% endblocktranslate %}"
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path)
    return messages.Domain("cats", (("templates", "*.html"),))


def faults(domain: messages.Domain, po: str) -> list[str]:
    domain.po.write_text(po)
    return list(messages._faults_of(domain))


def test_every_word_of_ours_is_translated_and_keeps_its_placeholders() -> None:
    assert messages.faults() == []


def test_a_complete_catalogue_has_no_faults(domain: messages.Domain) -> None:
    assert faults(domain, PO) == []


@pytest.mark.parametrize(
    ("po", "fault"),
    [
        (messages.EMPTY.decode(), "not in the catalogue"),
        (PO.replace("%(n)s kucing", ""), "not translated"),
        (PO.replace("%(n)s kucing", "%(m)s kucing"), "other placeholders"),
        (PO.replace("%(n)s kucing", "kucing"), "other placeholders"),
        (PO.replace('msgid "%(n)', '#, fuzzy\nmsgid "%(n)'), "fuzzy"),
        (PO + '\nmsgid "dogs"\nmsgstr "anjing"\n', "no source says this"),
        (PO + '\n#~ msgid "dogs"\n#~ msgstr "anjing"\n', "obsolete"),
    ],
)
def test_each_fault_is_found(domain: messages.Domain, po: str, fault: str) -> None:
    assert any(fault in found for found in faults(domain, po))


def test_extracting_twice_changes_nothing(domain: messages.Domain, monkeypatch: Any) -> None:
    monkeypatch.setattr(messages, "DOMAINS", (domain,))
    domain.po.write_text(PO)
    messages.extract()
    once = domain.po.read_bytes()
    messages.extract()
    assert domain.po.read_bytes() == once
    assert "kucing" in once.decode()


def test_what_is_compiled_speaks(domain: messages.Domain, monkeypatch: Any) -> None:
    import gettext

    monkeypatch.setattr(messages, "DOMAINS", (domain,))
    domain.po.write_text(PO)
    messages.compile_all()
    with domain.po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("%(n)s cats") == "%(n)s kucing"


def test_the_sentences_of_pure_code_are_in_the_catalogue() -> None:
    """`N_` marks what a door translates later: the refusals of the engine, the findings."""
    found = {message.id for message in messages.template_of(messages.DOMAINS[0])}
    assert "This actor is linked to no entity yet." in found
    assert "A relation cannot end where it starts." in found
