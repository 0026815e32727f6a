"""Passes over many pictures: reductions that are made batch by batch, and merged exactly."""
