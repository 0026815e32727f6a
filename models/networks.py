"""Every network that an address can name: of the zoo's table or libraries, of a run, of a dropped checkpoint."""

from __future__ import annotations

from collections.abc import Callable

from models.checkpoints import as_networks as checkpoints
from models.photos.uploads import SCHEME
from models.training import as_networks as runs
from models.zoo import MODELS, SOURCES
from models.zoo.entry import Model, unknown

# How an address starts -> who knows its network.
SCHEMES: dict[str, Callable[[str], Model]] = {runs.PREFIX: runs.find, SCHEME: checkpoints.find}


def find_network(name: str) -> Model:
    """The network of that name: of the table, of a library (`torchvision/vgg16`), a run (`run:<id>`) or an upload.

    Raises:
        UserError: if there is none.
    """
    if name in MODELS:
        return MODELS[name]
    for scheme, find in SCHEMES.items():
        if name.startswith(scheme):
            return find(name)
    library, slash, _ = name.partition("/")
    if slash and library in SOURCES:
        return SOURCES[library].find(name)
    raise unknown(name, tuple(MODELS))
