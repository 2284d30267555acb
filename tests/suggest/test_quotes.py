"""What is proposed as a quote, with its cue and its speaker."""

import pytest

from tests.suggest.reading import found, name, quotes, words

ID = [
    ("“Kami siap,” kata Ina Kapitari.", ("“Kami siap,”", "kata", "Ina Kapitari")),
    ("“Kami siap,” katanya.", ("“Kami siap,”", "kata", "nya")),
    (
        "“Kami siap”, ujar Ketua Tani, Ina Kapitari, kemarin.",
        ("“Kami siap”", "ujar", "Ina Kapitari"),
    ),
    ("“Kapan?” tanya seorang ibu.", ("“Kapan?”", "tanya", "seorang ibu")),
    ("“Kami siap,” demikian kata Ina Wati.", ("“Kami siap,”", "kata", "Ina Wati")),
    ("“Kami siap,” tulis akun @inawati.", ("“Kami siap,”", "tulis", "@inawati")),
    ("Ina Wati berkata, “Kami siap.”", ("“Kami siap.”", "berkata", "Ina Wati")),
    ("Ina Wati mengatakan: “Kami siap.”", ("“Kami siap.”", "mengatakan", "Ina Wati")),
    ("Ina Wati menulis di akunnya: “Siap 🚢”.", ("“Siap 🚢”", "menulis", "Ina Wati")),
    (
        "“Kami siap,” katanya, “besok pagi.”",
        ("“Kami siap,” | “besok pagi.”", "kata", "nya"),
    ),
    (
        "“Kami siap,” kata Ina Wati. “Besok kami datang.”",
        ("“Kami siap,” | “Besok kami datang.”", "kata", "Ina Wati"),
    ),
    (
        "Ina Wati mengatakan bahwa kapal itu belum tiba.",
        ("kapal itu belum tiba", "mengatakan", "Ina Wati"),
    ),
    (
        "Ia tidak mengatakan apakah kapal itu tiba.",
        ("apakah kapal itu tiba", "mengatakan", "Ia"),
    ),
    (
        "Para pedagang meminta pemerintah untuk menutup pasar itu.",
        ("menutup pasar itu", "meminta", "Para pedagang"),
    ),
    (
        "Menurut Ina Wati, kapal itu belum tiba.",
        ("kapal itu belum tiba", "Menurut", "Ina Wati"),
    ),
    (
        "Kapal itu, kata Ina Wati, belum tiba juga.",
        ("Kapal itu | belum tiba juga", "kata", "Ina Wati"),
    ),
    ("Kapal itu belum juga tiba, katanya.", ("Kapal itu belum juga tiba", "kata", "nya")),
    (
        "Ina Wati menyebut pagar itu sebagai “tembok di halaman orang”.",
        ("“tembok di halaman orang”", "menyebut", "Ina Wati"),
    ),
    (
        "Kapal itu “tidak akan memutar satu mil pun,” ucapnya.",
        ("Kapal itu “tidak akan memutar satu mil pun,”", "ucap", "nya"),
    ),
    (
        "Itu karena “kemungkinan” kapal itu “belum akan tiba,” ucapnya.",
        ("“kemungkinan” kapal itu “belum akan tiba,”", "ucap", "nya"),
    ),
]

EN = [
    ("“We are ready,” said Ann Lee.", ("“We are ready,”", "said", "Ann Lee")),
    ("“We are ready,” she said.", ("“We are ready,”", "said", "she")),
    ("“Who pays?” he asked outside the hall.", ("“Who pays?”", "asked", "he")),
    ("Ann Lee told reporters: ‘We are ready.’", ("‘We are ready.’", "told", "Ann Lee")),
    (
        "“We are ready,” said the board’s director, Ann Lee.",
        ("“We are ready,”", "said", "Ann Lee"),
    ),
    (
        "“We are ready,” she said, “and we are late.”",
        ("“We are ready,” | “and we are late.”", "said", "she"),
    ),
    ("Ann Lee said that the ship was late.", ("the ship was late", "said", "Ann Lee")),
    (
        "The board denied that the ship was late.",
        ("the ship was late", "denied", "The board"),
    ),
    (
        "The ship, she said, was late again.",
        ("The ship | was late again", "said", "she"),
    ),
    (
        "The ship will be sold, the Marine Trust said on Monday.",
        ("The ship will be sold", "said", "Marine Trust"),
    ),
    (
        "Ann Lee declined to say whether the ship was late.",
        ("whether the ship was late", "declined to say", "Ann Lee"),
    ),
    (
        "According to Ann Lee, the ship was late.",
        ("the ship was late", "According to", "Ann Lee"),
    ),
    ("Ann Lee called the ship ‘a tub’.", ("‘a tub’", "called", "Ann Lee")),
]


@pytest.mark.parametrize(("text", "expected"), ID)
def test_indonesian_attribution_is_found(text: str, expected: tuple[str, ...]) -> None:
    assert quotes(text, "id")[0] == expected


@pytest.mark.parametrize(("text", "expected"), EN)
def test_english_attribution_is_found(text: str, expected: tuple[str, ...]) -> None:
    assert quotes(text, "en")[0] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Satu kata itu jelas, tegas dan terang.", "id"),
        ("Ia tidak menyebut nama.", "id"),
        ("Akun yang mengaku petugas itu diam.", "id"),
        ("Longwater said nothing for a day.", "en"),
        ("Asked about the ship, she left.", "en"),
        ("He was told to wait by the promised ship.", "en"),
        ("The last company had said much about the cable.", "en"),
    ],
)
def test_a_word_like_a_cue_is_none_without_anything_said(text: str, language: str) -> None:
    assert quotes(text, language) == []


def test_a_quote_that_does_not_go_on_is_another_one() -> None:
    text = "“Kami siap!” kata Ina Wati. “Besok kami datang.”"
    assert [quote[0] for quote in quotes(text)] == ["“Kami siap!”", "“Besok kami datang.”"]
    second = found(text)[1]
    assert words(text, second.speaker) == "Ina Wati"
    assert second.cue is None


def test_a_quote_with_a_cue_of_its_own_is_another_one() -> None:
    text = "“Kami siap,” kata Ina Wati. “Besok saja,” ujar Budi Adi."
    assert quotes(text) == [
        ("“Kami siap,”", "kata", "Ina Wati"),
        ("“Besok saja,”", "ujar", "Budi Adi"),
    ]


def test_speech_about_a_thought_is_two_quotes_one_in_the_other() -> None:
    text = "Ina Wati menjelaskan ia yakin kapal itu “sengaja bersembunyi”."
    assert quotes(text) == [
        ("ia yakin kapal itu “sengaja bersembunyi”", "menjelaskan", "Ina Wati"),
        ("kapal itu “sengaja bersembunyi”", "yakin", "ia"),
    ]


def test_a_quotation_inside_a_quotation_is_found_with_its_cue() -> None:
    text = "“My guests tell me, ‘We came for the blue,’” said Ann Lee."
    assert ("‘We came for the blue,’", "tell", "My guests") in quotes(text, "en")


def test_a_second_cue_takes_the_speaker_of_the_first() -> None:
    text = (
        "Ina Wati menyebut pagar itu “tembok orang” dan meminta kementerian segera memindahkannya."
    )
    assert quotes(text)[1] == ("kementerian segera memindahkannya", "meminta", "Ina Wati")


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("“Kami siap,” kata Ina.", {"type": "direct"}),
        ("Ina Wati berkata kapal itu “belum tiba”.", {"type": "mixed"}),
        ("Ina Wati berkata kapal itu belum tiba.", {"type": "indirect"}),
        ("Ina Wati membantah kapal itu tiba.", {"type": "indirect", "factuality": "denied"}),
        ("Ia belum mau berkata kapan ia tiba.", {"type": "indirect", "factuality": "not_said"}),
        ("Ia meminta kapal itu pergi.", {"type": "reported", "speech_act": "demand"}),
        ("Dokumen “bocor” itu tipis.", {"type": "mixed", "scare": True}),
    ],
)
def test_the_way_of_quoting_is_proposed_too(text: str, attributes: dict[str, object]) -> None:
    assert found(text)[0].attributes == attributes


def test_a_negated_cue_says_so() -> None:
    [quote] = found("She has not said whether the ship was late.", "en")
    assert quote.cue
    assert quote.cue.attributes == {"verb_class": "say", "negated": True}


def test_a_scare_quote_is_less_sure_than_a_quote_with_its_cue() -> None:
    scare, quote = found("Dokumen “bocor” itu tipis. “Kami siap,” kata Ina.")
    assert scare.score < 0.5 < quote.score


def test_a_clitic_is_an_actor_of_its_own_that_is_never_linked() -> None:
    [quote] = found("“Kami siap,” katanya.", "id", name("Ina"))
    assert quote.speaker
    assert (quote.speaker.attributes, quote.speaker.entity) == ({"form": "clitic"}, None)


def test_a_speaker_whom_the_registry_knows_is_linked() -> None:
    ina = name("Ina Kapitari")
    [quote] = found("“Siap,” kata Ketua Tani Ina Kapitari.", "id", ina)
    assert quote.speaker
    assert quote.speaker.entity == ina.entity


@pytest.mark.parametrize("language", ["fr", "ja", ""])
def test_an_unknown_language_gets_its_marks_only(language: str) -> None:
    text = "« Nous sommes prêts, et nous le dirons », a dit Anne."
    assert quotes(text, language) == [("« Nous sommes prêts, et nous le dirons »", None, None)]
