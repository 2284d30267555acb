"""A whole job: from the sign-in link to the next article, by mouse and by keys, with what browsers
do each in their own way: what a double click selects, words of scripts without blanks, what comes
back by the arrow, and work that waits for the network."""

from collections.abc import Iterator

from browsers.driving import Failed, Person

TEXT = (
    "Menteri Laras 🚢 menolak rencana bendungan. Kata Laras, rencana itu buruk.\n\n"
    "“Kami siap,” katanya, “tapi bukan di sini.”\n\n"
    "北朝鮮の外務省は合意を否定した。\n\n"
    "قال المتحدث إن الاجتماع ناجح.\n"
)
SPANS = {
    ("ACTOR", "Menteri Laras"),
    ("TARGET", "bendungan"),
    ("STANCE", "Menteri Laras 🚢 menolak rencana bendungan."),
    ("QUOTE", "“Kami siap,” … “tapi bukan di sini.”"),
    ("CUE", "kata"),
    ("ACTOR", "nya"),
    ("TARGET", "否定"),
    ("ACTOR", "الاجتماع"),
}
RELATIONS = {
    ("SPEAKER", "QUOTE", "ACTOR"),
    ("TOWARD", "STANCE", "TARGET"),
    ("HOLDER", "STANCE", "ACTOR"),
}
ENTITY = "Menteri Laras"
NOTE = "Dicatat di sini."


def work(person: Person, link: str) -> Iterator[str]:
    """Do all of it; yields what is tried next."""
    yield from _arriving(person, link)
    yield from _labelling(person)
    yield from _joining(person)
    yield from _coming_back(person)
    yield from _leaving(person)


def _arriving(person: Person, link: str) -> Iterator[str]:
    yield "signing in by a link"
    person.browser.open(link)
    person.click("main form button")
    person.click("main a, main button", "Not now")
    person.until("document.querySelector('article.task') !== null")

    yield "opening the first article"
    person.click("article.task .button-primary")
    _ready(person)


def _labelling(person: Person) -> Iterator[str]:
    yield "labelling by double and triple click"
    _choose(person, "bendungan", times=2)
    _label(person, "5", "TARGET")
    _choose(person, "menolak", times=3)
    _label(person, "4", "STANCE")

    yield "labelling by the word cursor"
    person.press("Escape", "Escape", "w", "Control+Home", "Shift+ArrowRight")
    _label(person, "1", "ACTOR")

    yield "a new entity"
    person.press("n")
    person.until("document.querySelector('.picker-pop [role=option]') !== null")
    person.press("Enter")
    _until_span(person, "span.label === 'ACTOR' && span.entity")

    yield "labelling what was dragged over, in two pieces"
    _choose(person, "“Kami siap,”")
    _label(person, "2", "QUOTE")
    _choose(person, "“tapi bukan di sini.”")
    person.press("+")
    _until_span(person, "span.fragments.length === 2")

    yield "labelling parts of a word"
    _choose(person, "kata", held="Alt")
    _label(person, "3", "CUE")
    _choose(person, "nya", held="Alt")
    _label(person, "1", "ACTOR")

    yield "words of scripts without blanks, and from right to left"
    _choose(person, "否定", times=2)
    _label(person, "5", "TARGET")
    _choose(person, "الاجتماع", times=2)
    _label(person, "1", "ACTOR")


def _joining(person: Person) -> Iterator[str]:
    yield "linking by keys"
    _link(person, "QUOTE", "nya")
    _link(person, "STANCE", "bendungan")
    _link(person, "STANCE", "Menteri Laras")

    yield "a value and a note"
    _select(person, "STANCE")
    person.press("-", "c")
    person.write(NOTE)
    person.press("Escape")
    _until_span(person, "span.attributes.polarity === 'against'")


def _coming_back(person: Person) -> Iterator[str]:
    yield "coming back by the browser's arrow"
    _saved(person)
    person.see("window.isLeft = true")
    person.click(".brand")
    person.until("location.pathname === '/'")
    person.see("history.back()")
    _ready_anew(person)
    _until_count(person, len(SPANS))

    yield "work that waits for the network"
    person.see("window.fetch = () => Promise.reject(new TypeError('no network'))")
    _choose(person, "buruk", times=2)
    _label(person, "4", "STANCE")
    person.until("document.querySelector('save-state').dataset.state === 'offline'")
    person.see("window.isLeft = true; location.reload()")
    _ready_anew(person)
    _until_count(person, len(SPANS) + 1)


def _leaving(person: Person) -> Iterator[str]:
    yield "undoing"
    person.press("z")
    _until_count(person, len(SPANS))
    _saved(person)

    yield "submitting, and the next article"
    first = person.see("return location.pathname")
    person.press("Control+Enter")
    person.click("dialog[open] button", "Submit")
    person.click("dialog[open] button", "Next article")
    person.until("location.pathname !== arguments[0]", first)
    _ready(person)


_DESK = "document.querySelector('label-desk')"


def _ready(person: Person) -> None:
    person.until("document.querySelector('label-desk[data-ready][data-whole]') !== null")
    _saved(person)


def _ready_anew(person: Person) -> None:
    """On a page that is not the one which was left, nor that one out of the browser's memory."""
    person.until("location.pathname.startsWith('/desk/') && !window.isLeft")
    _ready(person)


def _saved(person: Person) -> None:
    person.until("document.querySelector('save-state')?.dataset.state === 'saved'")


def _choose(person: Person, words: str, *, times: int = 0, held: str = "") -> None:
    """Select words: by so many clicks into them, or by dragging over them."""
    person.see(_REVEAL, words)
    start, end = person.see(_PLACE, words)
    if times:
        person.click_at((start[0] + end[0]) // 2, start[1], times)
    else:
        person.drag(start, end, held)
    person.until("document.querySelector('label-bar').matches(':popover-open')")
    chosen = person.see("return getSelection().toString()")
    if times != 3 and chosen != words:
        raise Failed(f"{chosen} was selected, not {words}")


def _label(person: Person, key: str, label: str) -> None:
    person.press(key)
    _until_span(person, f"span.label === '{label}'")


def _until_span(person: Person, expression: str) -> None:
    """Until this is so of the selected span."""
    person.until(f"((span) => span && ({expression}))({_DESK}.span)")


def _until_count(person: Person, count: int) -> None:
    """Until there are so many spans, maybe on a page that is still coming."""
    person.until(f"{_DESK}?.session?.inOrder.length === arguments[0]", count)


def _select(person: Person, label: str, words: str = "") -> None:
    """Walk through the spans until one is selected."""
    person.press("Escape", "Escape", "Control+Home")
    for _ in SPANS:
        person.press("j")
        here = person.see(
            f"const {{ label, text }} = {_DESK}.span; return [label, text.join(' … ')]"
        )
        if here[0] == label and words in here[1]:
            return
    raise Failed(f"{label} {words} was not found")


def _link(person: Person, label: str, words: str) -> None:
    _select(person, label)
    person.press("l")
    for _ in SPANS:
        to = person.see(
            f"const desk = {_DESK}; return desk.session.span(desk.linking.to).text.join(' ')"
        )
        if to == words:
            break
        person.press("j")
    person.press("Enter")
    person.until(f"!{_DESK}.linking || document.querySelector('dialog[open]') !== null")
    if person.see("return document.querySelector('dialog[open]') !== null"):
        person.press("Enter")
    person.until(f"!{_DESK}.linking")


_FIND = """
const text = document.querySelector("article-text")
const all = text.article.slice(0, text.article.length)
const start = [...all.slice(0, all.indexOf(arguments[0]))].length
const range = text.rangeOf(start, start + [...arguments[0]].length)
"""
_REVEAL = f"{_FIND} range.startContainer.parentElement.scrollIntoView({{ block: 'center' }})"
_PLACE = f"""{_FIND}
const rects = [...range.getClientRects()]
const last = rects.at(-1)
const [from, to] = [rects[0].left + 2, last.right - 2]
return [[from, rects[0].top + rects[0].height / 2], [to, last.top + last.height / 2]]
  .map((point) => point.map(Math.round))
"""
