"""A made-up table with all that tables of people's own have: numbers, categories, gaps, names, and a class to learn."""

from __future__ import annotations

import numpy as np

ROWS = 400


def people(rows: int = ROWS, seed: int = 0) -> str:
    """Rows of CSV whose last column depends on two of the others, and on chance."""
    draws = np.random.default_rng(seed)
    lines = ["row,name,kind,age,place,fare,class"]
    for place in range(rows):
        kind, age = draws.choice(["cat", "dog"]), round(float(draws.uniform(1, 80)), 1)
        fare = round(float(draws.exponential(30)), 2)
        score = (2.0 if kind == "cat" else -2.0) + 0.03 * (fare - 30)
        answer = "yes" if draws.random() < 1 / (1 + np.exp(-score)) else "no"
        known = "" if draws.random() < 0.1 else age
        lines.append(f"{place + 1},N{place},{kind},{known},{draws.choice(['S', 'C', 'NA'])},{fare},{answer}")
    return "\n".join(lines) + "\n"
