"""How records are written and read. Pure: bytes in, records out, and back."""
