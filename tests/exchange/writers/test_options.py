"""What can be chosen of a format: read from words, refused where it is nonsense."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.network_choices import Choices
from annotations.exchange.writers.options import BadOption, Wrong, options_of, words_of
from annotations.exchange.writers.shape import fitted

NETWORK = WRITERS["network-graphml"]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"warna": "merah"}, Wrong.UNKNOWN),
        ({"__class__": "x"}, Wrong.UNKNOWN),
        ({"network": "three-mode"}, Wrong.VALUE),
        ({"isolates": "true"}, Wrong.VALUE),
        ({"size": "1"}, Wrong.NUMBER),
        ({"size": "10001"}, Wrong.NUMBER),
        ({"size": "٣"}, Wrong.NUMBER),
        ({"size": "-3"}, Wrong.NUMBER),
        ({"size": "9" * 5000}, Wrong.NUMBER),
        ({"since": "2024-02-30"}, Wrong.DAY),
        ({"since": "20240229"}, Wrong.DAY),
        ({"ties": "congruence"}, Wrong.ONE_MODE),
        ({"normalisation": "jaccard"}, Wrong.ONE_MODE),
        ({"network": "actors", "ties": "combine"}, Wrong.TWO_MODE),
        ({"network": "concepts", "normalisation": "activity"}, Wrong.TWO_MODE),
        ({"ties": "combine", "normalisation": "activity"}, Wrong.COMBINED),
        ({"kernel": "gaussian"}, Wrong.KERNEL),
        ({"kernel": "gaussian", "window": "events"}, Wrong.KERNEL),
        ({"kernel": "uniform", "window": "days", "ties": "combine"}, Wrong.KERNEL),
        ({"kernel": "uniform", "window": "days", "normalisation": "activity"}, Wrong.KERNEL),
        ({"kernel": "uniform", "window": "days", "qualifier": "polarity"}, Wrong.KERNEL),
        ({"since": "2024-03-01", "until": "2024-02-29"}, Wrong.TIME),
    ],
)
def test_nonsense_is_refused(words: Mapping[str, str], wrong: Wrong) -> None:
    with pytest.raises(BadOption) as refused:
        fitted(NETWORK, words)
    assert refused.value.wrong == wrong


def test_a_format_without_choices_has_none() -> None:
    with pytest.raises(BadOption) as refused:
        fitted(WRITERS["brat"], {"ties": "ignore"})
    assert (refused.value.wrong, refused.value.key) == (Wrong.UNKNOWN, "ties")
    assert fitted(WRITERS["brat"], {}) is WRITERS["brat"]


@given(st.data())
def test_choices_are_read_as_they_are_written(data: st.DataObject) -> None:
    words = {}
    for key, option in options_of(Choices).items():
        if option.values:
            words[key] = data.draw(st.sampled_from(option.values))
        elif option.between:
            words[key] = str(data.draw(st.integers(option.between.least, option.between.most)))
        else:
            words[key] = data.draw(st.just("") | st.dates().map(str))
    try:
        writer = fitted(NETWORK, words)
    except BadOption:  # each word is one of the option's, but they may not go together
        return
    assert writer.chosen == words
    assert writer.options is not None
    assert words_of(writer.options.of(words)) == words
