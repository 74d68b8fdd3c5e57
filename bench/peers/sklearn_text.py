"""scikit-learn's TF-IDF (word 1-2, char_wb 2-5) with a linear classifier, on JSON-lines files.

usage: python bench/peers/sklearn_text.py SYSTEM TRAIN.jsonl TEST.jsonl
SYSTEM is `svc` (LinearSVC, C=1) or `logreg` (LogisticRegression, C=1). Prints one JSON line.
"""

import json
import resource
import sys
import time

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def calibration_error(probabilities, predicted_right, bins=15):
    confidence = probabilities.max(axis=1)
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = bin_of == b
        if inside.any():
            gap = abs(predicted_right[inside].mean() - confidence[inside].mean())
            error += inside.mean() * gap
    return error


def main():
    system, train_path, test_path = sys.argv[1:4]
    train_texts, train_labels = read(train_path)
    test_texts, test_labels = read(test_path)

    features = FeatureUnion(
        [
            ("word", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    classifier = LinearSVC(C=1.0) if system == "svc" else LogisticRegression(C=1.0, max_iter=1000)

    cpu_before = time.process_time()
    started = time.perf_counter()
    rows = features.fit_transform(train_texts)
    featurized = time.perf_counter()
    classifier.fit(rows, train_labels)
    trained = time.perf_counter()
    cpu = time.process_time() - cpu_before

    test_rows = features.transform(test_texts)
    predicted = classifier.predict(test_rows)
    done = time.perf_counter()
    result = {
        "system": f"scikit-learn {sklearn.__version__} {system}",
        "accuracy": accuracy_score(test_labels, predicted),
        "macro_f1": f1_score(test_labels, predicted, average="macro"),
        "featurize_s": featurized - started,
        "fit_s": trained - featurized,
        "train_s": trained - started,
        "cpu_s": cpu,
        "predict_s": done - trained,
        "features": rows.shape[1],
        "entries": int(rows.nnz),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if system == "logreg":
        probabilities = classifier.predict_proba(test_rows)
        right = predicted == np.asarray(test_labels)
        result["ece"] = calibration_error(probabilities, right)
    print(json.dumps(result))


main()
