"""A conditional random field of python-crfsuite on words, on files of bench/tagging.

usage: python bench/peers/crfsuite_tags.py TRAIN.jsonl TEST.jsonl ANSWERS.jsonl ALGORITHM [PASSES]

ALGORITHM is `lbfgs` (c1 = c2 = 0.1, the best of those tried on conll2003's testa), `l2sgd` (stochastic gradient,
its defaults), or `defaults` (all that the library does when nothing is said: lbfgs, c2 = 1, until it converges).
Prints one JSON line.
"""

import json
import os
import sys
import tempfile
import time
from importlib.metadata import version

import pycrfsuite
from tagged_rows import measure_answers, peak_mb, read_rows, spans_of, tags_of, words_of


def full_shape(word):
    """McDonald-2 → XxXxxxxx-9."""
    kinds = ("X" if c.isupper() else "x" if c.islower() else "9" if c.isdigit() else c for c in word)
    return "".join(kinds)


def short_shape(full):
    """Runs cut to one: XxXxxxxx-9 → XxXx-9."""
    return "".join(c for i, c in enumerate(full) if i == 0 or full[i - 1] != c)


def features(words):
    """Those of the library's tutorial without parts of speech; shapes, beginnings and ends, and pairs of words."""
    lower = [word.lower() for word in words]
    full = [full_shape(word) for word in words]
    short = [short_shape(shape) for shape in full]
    near = [(f"lower={w.lower()}", f"title={w.istitle()}", f"upper={w.isupper()}") for w in words]
    rows = []
    for i, word in enumerate(words):
        row = ["bias", *near[i], f"digit={word.isdigit()}", f"shape={short[i]}", f"full={full[i]}"]
        row += [f"pre{n}={word[:n]}" for n in (1, 2, 3, 4)] + [f"suf{n}={word[-n:]}" for n in (1, 2, 3, 4)]
        for step in (-2, -1, 1, 2):
            j = i + step
            if not 0 <= j < len(words):
                continue
            row += [f"{step}:{feature}" for feature in (*near[j], f"shape={short[j]}")]
            if abs(step) == 1:
                row.append(f"{step}:suf3={words[j][-3:]}")
                row.append(f"{step}:pair={lower[i]}|{lower[j]}")
                row.append(f"{step}:shapes={short[i]}|{short[j]}")
        row += ["BOS"] * (i == 0) + ["EOS"] * (i == len(words) - 1)
        rows.append(row)
    return rows


def trainer_of(algorithm, passes):
    trainer = pycrfsuite.Trainer(algorithm="l2sgd" if algorithm == "l2sgd" else "lbfgs", verbose=False)
    if algorithm == "lbfgs":
        trainer.set_params({"c1": 0.1, "c2": 0.1, "feature.possible_transitions": True})
    if passes:
        trainer.set_params({"max_iterations": passes})
    return trainer


def main():
    train_path, test_path, answers_path, algorithm = sys.argv[1:5]
    passes = int(sys.argv[5]) if len(sys.argv) > 5 else None
    rows = read_rows(train_path)
    model = os.path.join(tempfile.mkdtemp(), "model.crfsuite")

    begun, cpu = time.perf_counter(), time.process_time()
    trainer = trainer_of(algorithm, passes)
    for row in rows:
        trainer.append(features(words_of(row)), tags_of(row))
    appended = time.perf_counter()
    trainer.train(model)
    trained, cpu = time.perf_counter(), time.process_time() - cpu
    figures = {
        "system": f"python-crfsuite {version('python-crfsuite')}, {algorithm}",
        "train_s": trained - begun,
        "train_cpu_s": cpu,
        "features_s": appended - begun,
        "passes": (trainer.logparser.last_iteration or {}).get("num"),
        "train_peak_mb": peak_mb(),
        "model_mb": os.path.getsize(model) / 1e6,
    }

    tagger = pycrfsuite.Tagger()
    tagger.open(model)

    def answers_to(rows):
        return [spans_of(row, tagger.tag(features(words_of(row)))) for row in rows]

    print(json.dumps({**figures, **measure_answers(read_rows(test_path), answers_to, answers_path)}))


main()
