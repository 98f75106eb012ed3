"""Writes the state of a cnn4 of PyTorch's, convs.0 to 3, hidden and head, as the safetensors that Sparring reads: TensorFlow's
layout, kernels as height, width, in, out, and the hidden layer's input in the order height, width, channel.

Called with the file of the state and the file to write.
"""
import json
import struct
import sys

import numpy
import torch

state = {name: tensor.numpy() for name, tensor in torch.load(sys.argv[1], map_location="cpu", weights_only=True).items()}
tensors = {}
for i in range(4):
    tensors[f"conv{i + 1}/kernel"] = state[f"convs.{i}.weight"].transpose(2, 3, 1, 0)
    tensors[f"conv{i + 1}/bias"] = state[f"convs.{i}.bias"]
hidden = state["hidden.weight"]
channels = state["convs.3.weight"].shape[0]
side = round((hidden.shape[1] / channels) ** 0.5)
kernel = hidden.reshape(hidden.shape[0], channels, side, side).transpose(2, 3, 1, 0).reshape(hidden.shape[1], hidden.shape[0])
tensors["hidden/kernel"] = kernel
tensors["hidden/bias"] = state["hidden.bias"]
tensors["head/kernel"] = state["head.weight"].T
tensors["head/bias"] = state["head.bias"]
head, blobs, at = {"__metadata__": {"network": "cnn4"}}, [], 0
for name, tensor in tensors.items():
    blob = numpy.ascontiguousarray(tensor, dtype="<f4").tobytes()
    head[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(blob)]}
    blobs.append(blob)
    at += len(blob)
text = json.dumps(head).encode()
with open(sys.argv[2], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
