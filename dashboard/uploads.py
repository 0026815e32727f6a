"""The photos that visitors dropped: one store for the server."""

from __future__ import annotations

from models.photos.uploads import Uploads

UPLOADS = Uploads()
