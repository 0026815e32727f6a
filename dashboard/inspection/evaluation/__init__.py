"""How good a network is on labelled pictures: one pass, and everything that follows from it."""
