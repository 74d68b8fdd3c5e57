"""Repeats the decoding of a saved token model with ONNX Runtime and numpy, and compares it with its test vectors.

usage: python bench/peers/viterbi_onnxruntime.py MODEL

MODEL is a folder with manifest.json, features.bin and model.onnx, as a download has them. Prints how many labels
and how many texts agree; the exit status is 1 unless all do.
"""

import json
import os
import sys

import numpy as np
import onnxruntime


def rows_of(hashes, known):
    """The row of each feature hash; those that the model does not know have the number of rows."""
    at = np.searchsorted(known, hashes)
    found = np.append(known, 0)[at] == hashes
    return np.where(found, at, len(known)).astype(np.int64)


def best_labels(scores, transitions, first):
    """Viterbi: the allowed sequence of labels with the highest sum of scores and transitions."""
    best = np.where(first, scores[0], -np.inf)
    steps = []
    for row in scores[1:]:
        sums = best[:, None] + transitions
        steps.append(sums.argmax(axis=0))
        best = sums.max(axis=0) + row
    labels = [int(best.argmax())]
    for step in reversed(steps):
        labels.append(int(step[labels[-1]]))
    return labels[::-1]


def main(folder):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    known = np.fromfile(os.path.join(folder, "features.bin"), dtype="<u4")
    session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
    decoding = manifest["decoding"]
    # null: not allowed.
    transitions = np.array([[-np.inf if t is None else t for t in row] for row in decoding["transitions"]])
    first = np.isin(manifest["labels"], decoding["first"])

    labels = right = whole = 0
    vectors = manifest["test_vectors"]
    for vector in vectors:
        found = []
        if vector["labels"]:
            ids = rows_of(np.array(vector["features"], dtype=np.uint32), known)
            (scores,) = session.run(["emissions"], {"ids": ids})
            found = best_labels(scores.astype(np.float64), transitions, first)
        labels += len(found)
        right += sum(a == b for a, b in zip(found, vector["labels"]))
        whole += found == vector["labels"]
    print(f"onnxruntime {onnxruntime.__version__}: {right} of {labels} labels agree, {whole} of {len(vectors)} texts")
    return whole == len(vectors)


sys.exit(0 if main(sys.argv[1]) else 1)
