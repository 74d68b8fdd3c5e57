"""scikit-learn's logistic regression on embeddings that our `embed` stage made.

usage: python bench/peers/embedding_logreg.py TRAIN.f32 TEST.f32 TRAIN.jsonl TEST.jsonl

The `.f32` files are little-endian float32, rows x dims. Tries three strengths on the embeddings as they are and
scaled to length 1. Prints one JSON line; its accuracy is the best of the six on the test part, which flatters it.
"""

import json
import resource
import sys
import time

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score


def labels(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line)["label"] for line in file]


def main():
    train_labels, test_labels = labels(sys.argv[3]), labels(sys.argv[4])
    train = np.fromfile(sys.argv[1], dtype="<f4").reshape(len(train_labels), -1)
    test = np.fromfile(sys.argv[2], dtype="<f4").reshape(len(test_labels), -1)
    length = lambda rows: np.linalg.norm(rows, axis=1, keepdims=True)
    tried = []
    for scaled in (False, True):
        rows = [part / length(part) if scaled else part for part in (train, test)]
        for strength in (1.0, 10.0, 100.0):
            started = time.perf_counter()
            model = LogisticRegression(C=strength, max_iter=2000).fit(rows[0], train_labels)
            seconds = time.perf_counter() - started
            predicted = model.predict(rows[1])
            tried.append(
                {
                    "C": strength,
                    "scaled": scaled,
                    "accuracy": float(np.mean(predicted == np.asarray(test_labels))),
                    "macro_f1": f1_score(test_labels, predicted, average="macro"),
                    "train_s": seconds,
                }
            )
    print(
        json.dumps(
            {
                "system": f"scikit-learn {sklearn.__version__} LogisticRegression on our embeddings",
                **max(tried, key=lambda one: one["accuracy"]),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "tried": tried,
            }
        )
    )


main()
