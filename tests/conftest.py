"""One thread for the tests' own computations: networks this small only lose by more."""

import torch

torch.set_num_threads(1)
