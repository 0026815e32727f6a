#!/usr/bin/env bash
# webdataset 1.0.2: a sample's key ends at the first dot of the file's name, its field is all the rest. Photos
# "crop_0.5.png" and "crop_0.7.png" are one sample with the fields "5.png" and "7.png", and "cat.v1.0.txt" has no "txt".
# Names with a version, a scale or a date with dots are common; samples vanish by merging and a filter on "png" or
# "txt" drops the others without a word. Source: the format's rule on extensions in webdataset's README.
# Seen: 4 pairs written, 3 samples read, of which 1 has the field "txt".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet webdataset==1.0.2 numpy==2.4.6

environment/bin/python - <<'EOF'
import io
import tarfile
from importlib.metadata import version

import webdataset

names = ["dog", "cat.v1.0", "crop_0.5", "crop_0.7"]
with tarfile.open("shard.tar", "w") as shard:
    for name in names:
        for suffix in ("txt", "cls"):
            member = tarfile.TarInfo(f"{name}.{suffix}")
            member.size = 1
            shard.addfile(member, io.BytesIO(b"1"))

samples = [
    {field for field in sample if not field.startswith("__")} | {sample["__key__"]}
    for sample in webdataset.WebDataset("shard.tar", shardshuffle=False)
]
complete = [sample for sample in samples if "txt" in sample]
print("webdataset", version("webdataset"))
print("expected:", len(names), "samples with the fields cls and txt")
print("seen:", *map(sorted, samples))
assert [sorted(sample) for sample in samples] == [
    ["cls", "dog", "txt"],
    ["cat", "v1.0.cls", "v1.0.txt"],
    ["5.cls", "5.txt", "7.cls", "7.txt", "crop_0"],
], "keys end elsewhere now"
assert len(complete) == 1
EOF
