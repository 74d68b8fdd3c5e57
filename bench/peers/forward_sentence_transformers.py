"""A sentence-transformers encoder (PyTorch, CPU, float32) on a batch of token ids.

usage: python bench/peers/forward_sentence_transformers.py ENCODER BATCH.i64 ROWS LENGTH THREADS

Answers `run` with milliseconds; `save PATH` writes the batch's embeddings as float32.
"""

import sys

import numpy as np
import torch
from answers import answer, milliseconds
from sentence_transformers import SentenceTransformer

rows, length, threads = (int(value) for value in sys.argv[3:6])
torch.set_num_threads(threads)
model = SentenceTransformer(sys.argv[1], device="cpu").eval()
ids, mask = torch.from_numpy(np.fromfile(sys.argv[2], "<i8")).reshape(2, rows, length)


def embed():
    with torch.inference_mode():
        # The modules write what they find into the dictionary.
        return model({"input_ids": ids, "attention_mask": mask})["sentence_embedding"]


def save(path):
    embed().numpy().astype("<f4").tofile(path)
    return path


answer(run=lambda: milliseconds(embed), save=save)
