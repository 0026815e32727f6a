"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import re

from models.checkpoints.limits import DISTRIBUTED, SAVE_WEIGHTS, RefusalError

SAFETENSORS, ARCHIVE, LEGACY = "safetensors", "zip archive of torch.save", "old format of torch.save"
HDF5, KERAS = "Keras, in HDF5", "Keras"
ONNX = "ONNX"
HEAD = 1024
# A graph of ONNX begins with the version of its form, and goes on with who wrote it, or the graph itself.
ONNX_HEAD = re.compile(rb"\x08[\x02-\x20](\x12|:|\x1a|B)", re.DOTALL)
# How torch.save began before it wrote archives: a pickle of its magic number.
LEGACY_MAGIC = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

# TensorFlow's own format, which Keras 3 itself reads by TensorFlow alone.
SAVED_MODEL = (
    "is a SavedModel, which TensorFlow alone reads; open it where it was made, and save the network with "
    "model.save('network.keras')"
)
# What people bring by mistake: how it starts, and the sentence after the file's name.
IMPOSTORS = (
    (
        rb"version https://git-lfs",
        "is a Git LFS pointer, not the weights; run git lfs pull and drop the file itself",
    ),
    (
        rb"\s*(?=<).*?<(!doctype html|html|head|body)\b",
        "is a web page, not weights; open the link, sign in if it asks to, and save the file itself",
    ),
    (rb"<\?xml|\s*<Error>", "is an error message of a download, not weights; download the file again"),
    (rb"GGUF|ggml|ggjt", "is GGUF, made for language models; drop the weights that it was converted from"),
    (
        rb"\x93NUMPY",
        "is a NumPy array, which has no names of layers; save all arrays by name with safetensors",
    ),
    (rb"\x08\x01\x12", SAVED_MODEL),
    (rb".{4}TFL3", "is TensorFlow Lite; drop a PyTorch checkpoint of the network"),
    (
        rb"\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!",
        "is a compressed file; unpack it and drop the checkpoint inside",
    ),
    (rb".{257}ustar", "is a tar archive; unpack it and drop the checkpoint inside"),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP",
        "is a picture; drop it on the Attribution page instead",
    ),
    (rb"%PDF-", "is a PDF, not weights; drop a checkpoint"),
    (
        rb'\s*\{\s*"',
        "is JSON text, such as an index of several files or a configuration; drop the weights themselves",
    ),
    (rb"\x80[\x02-\x05].*torch\.distributed\.checkpoint", DISTRIBUTED),
    (
        rb"\x80[\x02-\x05]",
        f"is a plain Python pickle, and opening one can run code; {SAVE_WEIGHTS}",
    ),
)


def kind(head: bytes, size: int) -> str:
    """What a file is that can be read.

    Args:
        head: its first bytes, HEAD of them if it has so many.
        size: of the whole file, in bytes.

    Raises:
        RefusalError: if it is anything else.
    """
    if not size:
        raise RefusalError("is empty; choose another file")
    if head.startswith(b"PK\x03\x04"):
        return ARCHIVE
    if head.startswith(LEGACY_MAGIC):
        return LEGACY
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return HDF5
    # A header of JSON behind its length in eight bytes; that the length is right is checked where it is read.
    if re.match(rb".{8}\{", head, re.DOTALL):
        return SAFETENSORS
    if ONNX_HEAD.match(head):
        return ONNX
    for pattern, why in IMPOSTORS:
        if re.match(pattern, head, re.DOTALL | re.IGNORECASE):
            raise RefusalError(why)
    raise RefusalError(
        "is neither safetensors nor a file of torch.save or Keras, nor ONNX; drop a checkpoint in one of these formats"
    )
