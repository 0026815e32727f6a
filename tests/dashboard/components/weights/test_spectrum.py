"""How many directions each layer uses: exponents, one spectrum, and all in numbers."""

from __future__ import annotations

import numpy as np

from dashboard.results import weights as results
from dashboard.wording.spectrum import headline, sentences
from tests.dashboard.components.component import chart, columns, made, texts
from tests.dashboard.components.weights.weighed import shown_by, subject


def test_every_matrix_has_a_row_and_the_first_its_words():
    spectra = made(results.spectra(subject().of)).found
    app = shown_by("spectrum")
    assert texts(app.header) == [headline(subject().title, spectra)]
    table = columns(app)
    np.testing.assert_allclose(table["Largest"], [float(spectrum.values[0]) for spectrum in spectra])
    np.testing.assert_allclose(table["Stable rank"], [spectrum.stable_rank for spectrum in spectra])
    assert set(sentences(spectra[0])) <= set(texts(app.markdown))
    assert chart(app, "values")["data"]
