"""fastText's supervised classifier on JSON-lines files.

usage: python bench/peers/fasttext_text.py TRAIN.jsonl TEST.jsonl [EPOCHS]
The settings of its tutorial: words and pairs of words, learning rate 0.5, EPOCHS passes (default 25).
Prints one JSON line.
"""

import json
import os
import resource
import sys
import tempfile
import time

import fasttext


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [" ".join(row["text"].lower().split()) for row in rows]
    return texts, [row["label"] for row in rows]


def main():
    train_texts, train_labels = read(sys.argv[1])
    test_texts, test_labels = read(sys.argv[2])
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 25
    numbers = {label: str(i) for i, label in enumerate(sorted(set(train_labels)))}

    cpu_before = time.process_time()
    started = time.perf_counter()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", delete=False) as file:
        for text, label in zip(train_texts, train_labels):
            file.write(f"__label__{numbers[label]} {text}\n")
    model = fasttext.train_supervised(
        file.name,
        epoch=epochs,
        lr=0.5,
        wordNgrams=2,
        bucket=200_000,
        dim=50,
        thread=os.cpu_count(),
        seed=42,
        verbose=0,
    )
    trained = time.perf_counter()
    cpu = time.process_time() - cpu_before
    os.unlink(file.name)

    right = 0
    counts = {}
    # `predict` of the package fails with NumPy 2; the bound model's own does not.
    for text, label in zip(test_texts, test_labels):
        (_, name), = model.f.predict(text + "\n", 1, 0.0, "strict")
        predicted = name.removeprefix("__label__")
        hit = predicted == numbers.get(label)
        right += hit
        for key, at in ((predicted, 0), (numbers.get(label), 1)):
            counts.setdefault(key, [0, 0, 0])[at] += 1
        if hit:
            counts[predicted][2] += 1
    done = time.perf_counter()
    f1 = [2 * both / (a + b) for a, b, both in counts.values()]
    print(
        json.dumps(
            {
                "system": f"fastText 0.9.2, {epochs} epochs",
                "accuracy": right / len(test_labels),
                "macro_f1": sum(f1) / len(f1),
                "train_s": trained - started,
                "cpu_s": cpu,
                "predict_s": done - trained,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main()
