"""The one refusal of the demo's files."""


class MisspelledError(ValueError):
    """A line of a demo file cannot be read; the message begins `file:line:`."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}:{line}: {why}")
        self.file = file
        self.line = line
        self.why = why
