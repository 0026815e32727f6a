"""How a network computes fastest, measured once for each and shared: layout, what is left out, how many at once."""
