"""The one table of sample photos that ship with the app; `assets/LICENSES.md` holds the same terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@dataclass(frozen=True)
class Photo:
    """A sample photo.

    Attributes:
        name: as in the address.
        title: as on the page.
        credit: author, source and licence, as the licence asks to be shown.
    """

    name: str
    title: str
    credit: str

    @property
    def path(self) -> Path:
        """The JPEG file."""
        return ASSETS / "photos" / f"{self.name}.jpg"


PHOTOS: dict[str, Photo] = {
    photo.name: photo
    for photo in (
        Photo(
            "giant_panda", "Giant panda", "Aaron Logan, Lightmatter_panda.jpg, Wikimedia Commons, CC BY 1.0"
        ),
        Photo("cat_chelsea", "Cat", "Stefan van der Walt, scikit-image, CC0"),
        Photo("coffee_cup", "Cup of coffee", "Rachel Michetti, scikit-image, CC0"),
        Photo("cameraman", "Cameraman", "Lav Varshney, scikit-image, CC0"),
        Photo(
            "frying_pan", "Frying pan", "Suricata, Pfanne_(Gusseisen).jpg, Wikimedia Commons, public domain"
        ),
        Photo("rocket", "Rocket", "SpaceX, scikit-image, public domain"),
        Photo(
            "moose", "Moose", "Ryan Hagerty, US Fish and Wildlife Service, Wikimedia Commons, public domain"
        ),
        Photo("windmill", "Windmill", "G-Man, Chesterton_Windmill.jpg, Wikimedia Commons, public domain"),
    )
}
