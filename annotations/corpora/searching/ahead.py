"""The articles of a corpus step by step, each step prepared while the one before it is stored."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future

from annotations.corpora.searching.preparing import Prepared, prepare
from annotations.corpora.searching.reading import following, read
from annotations.corpora.searching.vocabulary import Vocabulary


class Ahead:
    """Reads a step ahead, and has it prepared in the thread that it is given. Two steps are in hand
    at the most: the one that is stored, and the next."""

    def __init__(self, corpus_id: int, language: str, thread: Executor) -> None:
        self._corpus_id, self._language, self._thread = corpus_id, language, thread
        self._vocabulary = Vocabulary()  # nobody but the thread uses it
        self._keys: Sequence[int] | None = None
        self._coming: Future[Prepared]

    def after(self, key: int) -> Prepared:
        """Return what is stored of the next articles after a key (see `following`), nothing at the
        end of the corpus. To be used in a transaction that holds the corpus's summary: as long as
        that is held nobody withdraws or corrects an article.
        """
        keys = following(self._corpus_id, key)
        # What a live article says never changes. Some may have been withdrawn, corrected or
        # loaded since they were read, and the summary was not held.
        if keys != self._keys:
            self._begin(keys)
        coming = self._coming
        self._begin(following(self._corpus_id, keys[-1]) if keys else keys)
        return coming.result()

    def _begin(self, keys: Sequence[int]) -> None:
        articles = read(self._language, keys)
        self._keys = keys
        self._coming = self._thread.submit(prepare, self._corpus_id, articles, self._vocabulary)
