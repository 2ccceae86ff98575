"""What a training does beside plain steps (TrainingRecipe), as worker/data/vary.ts and worker/model/average.ts do it."""

import numpy as np
import torch
from torch import nn

from .dataset import Variation
from .model import parameters
from .randomness import Stream


def varied(images: np.ndarray, variation: Variation, stream: Stream) -> np.ndarray:
    """Images [count, height, width], each shifted by whole pixels in both directions (black comes in), and mirrored half the time where allowed."""
    shift, mirror = variation.shift, variation.mirror
    count, height, width = images.shape
    draws = stream.uniform(count * (3 if mirror else 2)).reshape(count, -1)
    offsets = np.floor(draws[:, :2] * (2 * shift + 1)).astype(int) - shift
    padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift)))
    changed = np.empty_like(images)
    for index, (down, right) in enumerate(offsets):
        row, column = shift - down, shift - right
        shifted = padded[index, row : row + height, column : column + width]
        changed[index] = shifted[:, ::-1] if mirror and draws[index, 2] < 0.5 else shifted
    return changed


class WeightAverage:
    """average' = d * average + (1 - d) * weights, with d = min(decay, (1 + step) / (10 + step)); `step` counts from 1."""

    def __init__(self, model: nn.Module, decay: float):
        self._weights = list(parameters(model))
        self._averages = [weight.detach().clone() for weight in self._weights]
        self._decay = decay

    @torch.no_grad()
    def update(self, step: int) -> None:
        kept = min(self._decay, (1 + step) / (10 + step))
        for average, weight in zip(self._averages, self._weights, strict=True):
            average.mul_(kept).add_(weight, alpha=1 - kept)

    @torch.no_grad()
    def apply(self) -> None:
        """Gives the model its averaged weights."""
        for average, weight in zip(self._averages, self._weights, strict=True):
            weight.copy_(average)
