"""Keras files, translated: archives, JSON and arrays read, torch's layers built; Keras is not imported."""
