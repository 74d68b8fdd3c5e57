"""scikit-learn's TF-IDF (word 1-2, char_wb 2-5) with one logistic regression a label, for texts with many labels.

usage: python bench/peers/sklearn_many_labels.py TRAIN.jsonl TEST.jsonl

Labels stand joined by commas. Macro and micro F1 with every label cut at 0.5, and with the cut of each label that
has the highest F1 on a tenth of the train rows, by models that have not seen them. Prints one JSON line.
"""

import json
import resource
import sys
import time

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return np.array([row["text"] for row in rows], dtype=object), [row["label"].split(",") for row in rows]


def pipeline():
    features = FeatureUnion(
        [
            ("word", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    return make_pipeline(features, OneVsRestClassifier(LogisticRegression(C=1.0, solver="liblinear"), n_jobs=1))


def best_cut(truth, scores):
    precision, recall, cuts = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return cuts[np.argmax(f1[:-1])]


def main():
    train_texts, train_labels = read(sys.argv[1])
    test_texts, test_labels = read(sys.argv[2])
    binarizer = MultiLabelBinarizer().fit(train_labels)
    train, test = binarizer.transform(train_labels), binarizer.transform(test_labels)

    started = time.perf_counter()
    kept, held = train_test_split(np.arange(len(train)), test_size=0.1, random_state=0)
    scores = pipeline().fit(train_texts[kept], train[kept]).predict_proba(train_texts[held])
    cuts = np.array([best_cut(train[held, label], scores[:, label]) for label in range(train.shape[1])])
    chosen = time.perf_counter()
    model = pipeline().fit(train_texts, train)
    trained = time.perf_counter()

    scores = model.predict_proba(test_texts)
    f1 = lambda predicted, average: f1_score(test, predicted, average=average, zero_division=0)
    print(
        json.dumps(
            {
                "system": f"scikit-learn {sklearn.__version__} one-vs-rest LogisticRegression",
                "macro_f1": f1(scores >= cuts, "macro"),
                "micro_f1": f1(scores >= cuts, "micro"),
                "macro_f1_at_half": f1(scores >= 0.5, "macro"),
                "micro_f1_at_half": f1(scores >= 0.5, "micro"),
                "train_s": trained - chosen,
                "train_with_cuts_s": trained - started,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main()
