"""Statements that are composed and planned once, and plans that a session keeps too long."""
