"""Predictions from a bundle of ours with ONNX Runtime and Hugging Face's tokenizers, on one thread.

usage: python bench/peers/predict_onnxruntime.py BUNDLE TEXTS.json

TEXTS.json is an array of strings. `one COUNT` predicts the next texts one by one and answers with a JSON list of
milliseconds; `many COUNT TOGETHER` predicts the next texts, sorted by length, so many together in the graph, and
answers with the milliseconds of all; `scores PATH` writes the probabilities of all texts as float32. int8 rounds a
text's activations by the range of its whole batch, so there scores are of texts one by one, as ours are.
"""

import json
import os
import sys

# Before tokenizers are loaded: one thread.
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
import onnxruntime
from answers import answer, milliseconds
from tokenizers import Tokenizer

bundle = sys.argv[1]
with open(sys.argv[2], encoding="utf-8") as file:
    texts = json.load(file)
with open(f"{bundle}/manifest.json", encoding="utf-8") as file:
    manifest = json.load(file)
labels = manifest["labels"]

tokenizer = Tokenizer.from_file(f"{bundle}/tokenizer.json")
# The file has a length and padding of its own.
tokenizer.enable_truncation(manifest["max_length"])
tokenizer.no_padding()

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{bundle}/model.onnx", options, providers=["CPUExecutionProvider"])

place = 0


def following(count):
    global place
    found = [texts[i % len(texts)] for i in range(place, place + count)]
    place += count
    return found


def scores_of(chosen, together):
    """Probabilities of texts, in their order."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(chosen)]
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    scores = np.empty((len(rows), len(labels)), np.float32)
    for start in range(0, len(order), together):
        batch = order[start : start + together]
        length = len(rows[batch[-1]])
        ids = np.full((len(batch), length), manifest["encoder"]["pad_token_id"], np.int64)
        mask = np.zeros((len(batch), length), np.int64)
        for i, row in enumerate(batch):
            ids[i, : len(rows[row])] = rows[row]
            mask[i, : len(rows[row])] = 1
        scores[batch] = session.run(["probabilities"], {"input_ids": ids, "attention_mask": mask})[0]
    return scores


def predict(chosen, together):
    """The five best labels of each text with their scores."""
    scores = scores_of(chosen, together)
    best = np.argsort(-scores, axis=1)[:, :5]
    return [[(labels[label], float(own[label])) for label in five] for own, five in zip(scores, best)]


def one(count):
    return json.dumps([milliseconds(lambda: predict([text], 1)) for text in following(int(count))])


def many(argument):
    count, together = (int(value) for value in argument.split())
    chosen = following(count)
    return milliseconds(lambda: predict(chosen, together))


def save_scores(path):
    scores_of(texts, 1 if manifest["precision"] == "int8" else 64).tofile(path)
    return path


answer(one=one, many=many, scores=save_scores)
