"""People: who is here, what they may do, and letting them in or out."""
