"""Uploads go to disk as they come, under names of ours; none of their bytes stays in memory."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from annotations.corpora.readers.drafts import shown
from annotations.corpora.uploads import upload_path
from annotations.limits import LIMITS
from annotations.web.http import HtmxRequest, is_oversized


@dataclass(frozen=True, slots=True)
class Stored:
    """One uploaded file: where it lies, and what its owner calls it."""

    upload: UUID
    name: str


class ToDisk(FileUploadHandler):
    """Writes each file of a form into the folder of uploads; stops at the limit.

    `stored` lists the files that came whole, `exceeded` tells that the limit was passed. Whoever
    does not hand the files on to a job calls `discard`.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.stored: list[Stored] = []
        self.exceeded = False
        self._received = 0
        self._writing: BinaryIO | None = None
        self._upload = uuid4()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self.stored) >= LIMITS.upload_files:
            self._stop()
        self._upload = uuid4()
        path = upload_path(self._upload)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writing = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._received += len(raw_data)
        if self._received > LIMITS.upload_bytes:
            self._stop()
        if self._writing:
            self._writing.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> None:
        if self._writing is None:
            return
        self._writing.flush()
        os.fsync(self._writing.fileno())
        self._close()
        self.stored.append(Stored(self._upload, shown(self.file_name or "")[-255:]))

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Nothing of this form is left on disk."""
        self._close()
        for upload in (self._upload, *(file.upload for file in self.stored)):
            with suppress(FileNotFoundError):
                upload_path(upload).unlink()
        self.stored = []

    def _close(self) -> None:
        if self._writing:
            self._writing.close()
            self._writing = None

    def _stop(self) -> None:
        self.exceeded = True
        self.discard()
        raise StopUpload(connection_reset=True)


def received(
    request: HtmxRequest, receive: Callable[[HtmxRequest, ToDisk], HttpResponse]
) -> HttpResponse:
    """Return what `receive` answers, which may read the body: its files lie on disk then, and those
    of a form that is refused are gone after."""
    handler = ToDisk(request)
    request.upload_handlers = [handler]
    response = receive(request, handler)
    if response.status_code >= 400:
        handler.discard()
    return response


def taken(
    request: HtmxRequest,
    *,
    form: Callable[[str, int], HttpResponse],
    start: Callable[[list[dict[str, str]]], HttpResponse],
) -> HttpResponse:
    """Return what `start` answers to the files that came, each by its `id` and `name`; or the form
    with a sentence and a status, where none came or they are too large. The view is exempt from the
    check of the token, which stands in the body, and is made here, once the files go to disk."""
    if is_oversized(request):
        return form(too_large(), 413)
    return received(request, partial(_taken, form=form, start=start))


@csrf_protect
def _taken(
    request: HtmxRequest,
    handler: ToDisk,
    *,
    form: Callable[[str, int], HttpResponse],
    start: Callable[[list[dict[str, str]]], HttpResponse],
) -> HttpResponse:
    request.POST  # noqa: B018 - read now, so that the files are on disk
    if handler.exceeded:
        return form(too_large(), 413)
    if not handler.stored:
        return form(_("Choose at least one file."), 422)
    return start([{"id": str(file.upload), "name": file.name} for file in handler.stored])


def too_large() -> str:
    """Why an upload was not taken."""
    words = _(
        "One upload takes %(files)s files and %(size)s MB together. Load larger ones in parts."
    )
    return words % {"files": LIMITS.upload_files, "size": LIMITS.upload_megabytes}
