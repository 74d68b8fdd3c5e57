"""What the peers of bench/tagging share: rows in, spans out, tags of words, speed and memory.

A row is {"text", "words": [[start, end]], "spans": [[start, end, tag]]}, one JSON line each; an answer is a list
of [start, end, tag], one JSON line for each row. All places count characters.
"""

import json
import resource
import time

MEASURED_S = 3


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def words_of(row):
    return [row["text"][start:end] for start, end in row["words"]]


def tags_of(row):
    """BIO2 tags of the words: each word that shares a character with a span has its tag."""
    tags = ["O"] * len(row["words"])
    for start, end, tag in row["spans"]:
        inside = [i for i, (first, last) in enumerate(row["words"]) if first < end and start < last]
        for place, i in enumerate(inside):
            tags[i] = f"{'I' if place else 'B'}-{tag}"
    return tags


def spans_of(row, tags):
    """Spans of BIO2 tags as conlleval cuts them: an I- after O, or after another tag, begins one."""
    spans, before = [], "O"
    for (start, end), label in zip(row["words"], tags):
        prefix, _, tag = label.partition("-")
        if prefix == "I" and before == tag:
            spans[-1][1] = end
        elif prefix != "O":
            spans.append([start, end, tag])
        before = tag
    return spans


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_answers(rows, answers_to, path):
    """Writes the answers, and gives figures of the first time and of all that follow."""
    words = sum(len(row["words"]) for row in rows)
    begun = time.perf_counter()
    answers = answers_to(rows)
    first = time.perf_counter() - begun
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(spans)}\n" for spans in answers)
    passes, begun, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - begun < MEASURED_S:
        answers_to(rows)
        passes += 1
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return {
        "tokens": words,
        "first_tokens_per_s": round(words / first),
        "tokens_per_s": round(words * passes / seconds),
        "tokens_per_cpu_s": round(words * passes / cpu),
        "predict_peak_mb": peak_mb(),
    }
