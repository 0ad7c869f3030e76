"""The reader: a cross-encoder that begins as MiniLM, with heads for rank, answerability, span and evidence."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn


class Reader(nn.Module):
    """`forward` gives, for pieces of shape (pairs, length), two numbers a pair (rank, answers) and three a piece (start, end, evidence)."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(str(folder), attn_implementation="eager", add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        self.pool = nn.Linear(width, width)
        self.pair = nn.Linear(width, 2)
        self.piece = nn.Linear(width, 3)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        return self.pair(torch.tanh(self.pool(states[:, 0]))), self.piece(states)

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest layers as they are: a fifth to a third of a step's time."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:layers]):
            for weight in part.parameters():
                weight.requires_grad = False

    def trained_weights(self) -> dict[str, Tensor]:
        """What differs from MiniLM, in half precision: some 20 MB."""
        return {name: value.detach().half() for name, value in self.state_dict().items() if "embeddings" not in name}


def load(weights: Path, folder: Path) -> Reader:
    """A reader from a checkpoint of `train_reader`."""
    model = Reader(folder)
    kept = torch.load(weights, weights_only=True)["weights"]
    missing, unexpected = model.load_state_dict({name: value.float() for name, value in kept.items()}, strict=False)
    if unexpected or any("embeddings" not in name for name in missing):
        raise ValueError(f"{weights} does not fit the reader: {unexpected or missing}")
    return model.eval()
