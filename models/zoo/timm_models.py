"""Every classification network of timm whose classes have names."""

from __future__ import annotations

from functools import cache, partial
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from models.datasets.imagenet import imagenet_classes
from models.preprocessing import Preprocessing
from models.runtime.download import fetch, hub_checkpoint, hub_path
from models.runtime.errors import UserError
from models.runtime.progress import Report
from models.zoo.entry import Model, unknown_network_error

if TYPE_CHECKING:
    from timm.models import PretrainedCfg
    from torch import nn

    from models.classifier import Classifier, Provenance

title = "timm"
PREFIX = "timm/"
# What a repository of the Hugging Face hub calls its weights, the better format first.
FILES = ("model.safetensors", "pytorch_model.bin")


@cache
def names() -> tuple[str, ...]:
    """All names, each with the library's prefix."""
    import timm

    return tuple(PREFIX + name for name in timm.list_models(pretrained=True) if _usable(config(name)))


def find(name: str) -> Model:
    """The entry of that name.

    Raises:
        UserError: if timm has no classification network of that name with published weights.
    """
    if name not in names():
        raise unknown_network_error(name, names())
    model_title = f"{name.removeprefix(PREFIX)} ({title})"
    return Model(name, model_title, trained=True, load=partial(_load, name, model_title), on_board=False)


def config(name: str) -> PretrainedCfg:
    """What timm knows of a listed network, named with or without the library's prefix."""
    import timm

    pretrained_cfg = timm.get_pretrained_cfg(name.removeprefix(PREFIX))
    assert pretrained_cfg is not None
    return pretrained_cfg


def preprocessing(chosen: PretrainedCfg) -> Preprocessing:
    """What a PretrainedCfg with crop mode "center" (square) or "squash" does to a picture."""
    _, height, width = chosen.input_size
    resize = floor(height / chosen.crop_pct), floor(width / chosen.crop_pct)
    return Preprocessing(
        size=(height, width),
        resize=resize if chosen.crop_mode == "squash" else resize[0],
        mean=tuple(chosen.mean),
        std=tuple(chosen.std),
        interpolation=chosen.interpolation,
    )


def _usable(chosen: PretrainedCfg) -> bool:
    """Whether its classes have names and its pictures can be prepared.

    The image towers of CLIP and its kin state the width of their embedding as their number of classes.
    """
    _, height, width = chosen.input_size
    prepared = chosen.crop_mode == "squash" or (chosen.crop_mode == "center" and height == width)
    return prepared and _data(chosen) is not None


def _data(chosen: PretrainedCfg) -> str | None:
    """The part of ImageNet whose classes the logits stand for, in timm's words, or None."""
    from timm.data.imagenet_info import infer_imagenet_subset

    subset: str | None = infer_imagenet_subset({"num_classes": chosen.num_classes})
    return subset


def _classes(chosen: PretrainedCfg) -> tuple[str, ...]:
    from timm.data.imagenet_info import ImageNetInfo

    data = _data(chosen)
    assert data is not None
    # torchvision tells the two cranes and the two maillots apart, WordNet does not.
    return imagenet_classes() if data == "imagenet-1k" else tuple(ImageNetInfo(data).label_descriptions())


def _load(name: str, model_title: str, report: Report) -> Classifier:
    from models.classifier import Classifier, Weights, architecture_of, frozen
    from models.datasets.names import PHOTOS
    from models.runtime.randomness import fork_rng

    pretrained_cfg = config(name)
    path = _file(pretrained_cfg, report)
    with fork_rng(0):
        module = frozen(_build(name, path))
    return Classifier(
        name=name,
        title=model_title,
        architecture=architecture_of("timm", name.removeprefix(PREFIX), pretrained=True),
        module=module,
        weights=Weights.of(module.state_dict(), source=pretrained_cfg.hf_hub_id or path.name),
        preprocessing=preprocessing(pretrained_cfg),
        classes=_classes(pretrained_cfg),
        fits=PHOTOS,
        provenance=_provenance(pretrained_cfg),
        trained=True,
    )


def _build(name: str, path: Path) -> nn.Module:
    """The network with a file's weights, renamed and reshaped by timm itself, which reads only tensors."""
    import timm

    # custom_load speaks of the file that timm names, which is in another format than the hub's.
    source = {"file": str(path), "custom_load": False}
    module: nn.Module = timm.create_model(
        name.removeprefix(PREFIX), pretrained=True, pretrained_cfg_overlay=source
    )
    return module


def _file(chosen: PretrainedCfg, report: Report) -> Path:
    """The weights on this machine, fetched where they are not here yet."""
    if not chosen.hf_hub_id:
        return hub_checkpoint(_url(chosen), report)
    return _stored_path(chosen.hf_hub_id) or _fetch(chosen.hf_hub_id, report)


def _url(chosen: PretrainedCfg) -> str:
    """Where the weights of a network are published that is on no hub."""
    assert isinstance(chosen.url, str)
    return chosen.url


def _stored_path(repository: str) -> Path | None:
    """The weights of a hub repository in the Hugging Face cache, which other tools fill, or in ours."""
    from huggingface_hub import try_to_load_from_cache

    for file in FILES:
        cached = try_to_load_from_cache(repository, file)
        path = Path(cached) if isinstance(cached, str) else _place(repository, file)
        if path.is_file():
            return path
    return None


def _fetch(repository: str, report: Report) -> Path:
    """The weights of a hub repository, brought here.

    The hub's own client is not asked: without a network it retries for more than twenty seconds, and its Xet
    transfers call back from outside Python, where what a Report raises need not end them.
    """
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        raise UserError(
            f"{repository} is not fetched as HF_HUB_OFFLINE is set: unset it, or choose one that is on board."
        )
    safe, pickled = FILES
    try:
        return fetch(hf_hub_url(repository, safe), _place(repository, safe), report)
    except UserError as error:
        if not (isinstance(error.__cause__, HTTPError) and error.__cause__.code == 404):
            raise
    return fetch(hf_hub_url(repository, pickled), _place(repository, pickled), report)


def _place(repository: str, file: str) -> Path:
    return hub_path(f"{repository.replace('/', '--')}--{file}")


def _provenance(chosen: PretrainedCfg) -> Provenance:
    from models.classifier import Provenance

    paper = chosen.paper_ids if isinstance(chosen.paper_ids, str) else ""
    return Provenance(
        source=f"timm, {chosen.hf_hub_id or chosen.url}",
        licence=chosen.license or "not stated",
        trained_on=(_data(chosen) or "").replace("imagenet", "ImageNet"),
        paper=paper.replace("arXiv:", "https://arxiv.org/abs/"),
    )
