"""The photos that visitors dropped: one store for the server."""

from __future__ import annotations

import os

from models.photos.uploads import Uploads

PHOTOS_BUDGET = int(os.environ.get("VITRINE_UPLOADS_MB", "1024")) * 1024**2
UPLOADS = Uploads(budget=PHOTOS_BUDGET)
