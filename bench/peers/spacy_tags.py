"""A blank spaCy pipeline with `ner` alone (its small convolutional network, no vectors), on files of bench/tagging.

usage: python bench/peers/spacy_tags.py TRAIN.jsonl TEST.jsonl ANSWERS.jsonl LANGUAGE PASSES

Batches of 100 to 1,000 words and dropout 0.1, as `spacy init config --pipeline ner --optimize efficiency` writes
them; the number of passes is fixed, so the test part chooses nothing. Words are given. Prints one JSON line.
"""

import json
import os
import random
import sys
import tempfile
import time

import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from spacy.util import fix_random_seed, logger
from tagged_rows import measure_answers, peak_mb, read_rows, spans_of, tags_of, words_of
from thinc.api import compounding


def doc_of(vocab, row, tagged=False):
    """The words of a row; their spans too when `tagged`."""
    doc = Doc(vocab, words=words_of(row))
    if tagged:
        first = {start: i for i, (start, _) in enumerate(row["words"])}
        last = {end: i for i, (_, end) in enumerate(row["words"])}
        spans = spans_of(row, tags_of(row))
        doc.ents = [Span(doc, first[start], last[end] + 1, label=tag) for start, end, tag in spans]
    return doc


def train(nlp, rows, passes):
    examples = [Example(doc_of(nlp.vocab, row), doc_of(nlp.vocab, row, tagged=True)) for row in rows]
    optimizer = nlp.initialize(lambda: examples)
    sizes = compounding(100.0, 1000.0, 1.001)
    for _ in range(passes):
        random.shuffle(examples)
        for batch in minibatch_by_words(examples, size=sizes, tolerance=0.2, discard_oversize=False):
            nlp.update(batch, sgd=optimizer, drop=0.1)


def main():
    train_path, test_path, answers_path, language, passes = sys.argv[1:]
    logger.setLevel("ERROR")
    fix_random_seed(1)
    random.seed(1)
    nlp = spacy.blank(language)
    nlp.add_pipe("ner")
    rows = read_rows(train_path)
    begun, cpu = time.perf_counter(), time.process_time()
    train(nlp, rows, int(passes))
    trained, cpu = time.perf_counter(), time.process_time() - cpu
    with tempfile.TemporaryDirectory() as folder:
        nlp.to_disk(folder)
        size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
    figures = {
        "system": f"spaCy {spacy.__version__}, blank {language} with ner",
        "train_s": trained - begun,
        "train_cpu_s": cpu,
        "passes": int(passes),
        "train_peak_mb": peak_mb(),
        "model_mb": size / 1e6,
    }

    def answers_to(rows):
        docs = nlp.pipe((doc_of(nlp.vocab, row) for row in rows), batch_size=256)
        return [
            [[row["words"][e.start][0], row["words"][e.end - 1][1], e.label_] for e in doc.ents]
            for row, doc in zip(rows, docs)
        ]

    print(json.dumps({**figures, **measure_answers(read_rows(test_path), answers_to, answers_path)}))


main()
