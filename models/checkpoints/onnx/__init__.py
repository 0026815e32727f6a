"""ONNX files: read and checked, computed by ONNX Runtime in a process of its own, or translated into torch."""
