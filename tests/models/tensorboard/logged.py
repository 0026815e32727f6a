"""Event files for tests: records as TensorBoard's own classes write them, and what its reader finds."""

from __future__ import annotations

import numpy as np
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

STORE_ALL = dict.fromkeys(("scalars", "histograms", "tensors"), 0)


def record(payload: bytes) -> bytes:
    """A payload in its frame."""
    parts: list[bytes] = []

    class Sink:
        def write(self, data):
            parts.append(data)

    RecordWriter(Sink()).write(payload)
    return b"".join(parts)


def version(wall=1.0) -> bytes:
    return record(event_pb2.Event(wall_time=wall, file_version="brain.Event:2").SerializeToString())


def start(step, wall=1.0) -> bytes:
    log = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    return record(event_pb2.Event(wall_time=wall, step=step, session_log=log).SerializeToString())


def scalars(step, wall=2.0, **values) -> bytes:
    """One record with old-style values."""
    found = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
    return summary(step, *found, wall=wall)


def summary(step, *values, wall=2.0) -> bytes:
    event = event_pb2.Event(wall_time=wall, step=step, summary=summary_pb2.Summary(value=values))
    return record(event.SerializeToString())


def metadata(plugin) -> summary_pb2.SummaryMetadata:
    data = summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin)
    return summary_pb2.SummaryMetadata(plugin_data=data)


def keras_scalar(tag, value, *, named=True, dtype=np.float32) -> summary_pb2.Summary.Value:
    """A scalar as TensorFlow 2 writes it: a tensor of rank 0 as bytes, and what it is for with each value."""
    kind = {np.float32: types_pb2.DT_FLOAT, np.float64: types_pb2.DT_DOUBLE}[dtype]
    tensor = tensor_pb2.TensorProto(
        dtype=kind, tensor_shape=tensor_shape_pb2.TensorShapeProto(), tensor_content=dtype(value).tobytes()
    )
    return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata("scalars") if named else None)


def accumulated(path):
    """TensorBoard's reader, with everything it finds."""
    return event_accumulator.EventAccumulator(str(path), size_guidance=STORE_ALL).Reload()


def points(reader) -> dict[tuple[str, str], list[tuple[int, float, float]]]:
    """(part, tag) -> (step, value, wall time) of each point that a reader of ours has."""
    return {
        (one.part, one.tag): [
            *zip(one.steps.tolist(), one.values.tolist(), one.wall_times.tolist(), strict=True)
        ]
        for one in reader.series()
    }


def theirs(path) -> dict[tuple[str, str], list[tuple[int, float, float]]]:
    """The same of TensorBoard's reader."""
    found = accumulated(path)
    return {
        ("", tag): [(one.step, one.value, one.wall_time) for one in found.Scalars(tag)]
        for tag in found.Tags()["scalars"]
    }
