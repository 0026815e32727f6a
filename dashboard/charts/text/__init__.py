"""Texts as they are drawn."""
