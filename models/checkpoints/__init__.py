"""Weights that people bring: read trusting nobody, recognised, and kept for a while."""
