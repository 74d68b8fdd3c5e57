"""Fine-tunes an encoder to tag words with PyTorch: the twin of our own `full` training, on files of bench/tagging.

usage: python bench/peers/encoder_tags.py ENCODER TRAIN.jsonl TEST.jsonl ANSWERS.jsonl EPOCHS BATCH LENGTH RATE [SEED]

The same recipe: a linear head on the state of each word's first token, cross-entropy over words, AdamW (decay 0.01,
none on biases and layer norms), a tenth of the steps of warm-up and then linearly to 0, gradients clipped at norm 1,
dropout 0.1, batches of about the same length. Longer sentences are cut. Prints one JSON line.
"""

import json
import random
import sys
import time

import torch
import transformers
from tagged_rows import measure_answers, peak_mb, read_rows, spans_of, tags_of, words_of
from transformers import AutoModel, AutoTokenizer


def main():
    folder, train_path, test_path, answers_path = sys.argv[1:5]
    epochs, batch, length = (int(value) for value in sys.argv[5:8])
    rate = float(sys.argv[8])
    seed = int(sys.argv[9]) if len(sys.argv) > 9 else 42
    torch.manual_seed(seed)
    random.seed(seed)
    torch.set_num_threads(2)
    rows = read_rows(train_path)
    tags = sorted({tag for row in rows for _, _, tag in row["spans"]})
    labels = ["O", *(f"{prefix}-{tag}" for tag in tags for prefix in "BI")]
    number = {label: i for i, label in enumerate(labels)}
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
    head = torch.nn.Linear(encoder.config.hidden_size, len(labels))
    torch.nn.init.normal_(head.weight, std=0.02)
    torch.nn.init.zeros_(head.bias)
    drop = torch.nn.Dropout(0.1)

    def encode(some):
        cut = {"truncation": True, "max_length": length, "padding": True, "return_tensors": "pt"}
        return tokenizer([words_of(row) for row in some], is_split_into_words=True, **cut)

    def firsts(encoded, place):
        """The place of the first token of each word that was not cut off."""
        found = {}
        for token, word in enumerate(encoded.word_ids(place)):
            if word is not None:
                found.setdefault(word, token)
        return found

    def logits_of(encoded):
        return head(drop(encoder(**encoded).last_hidden_state))

    named = list(encoder.named_parameters()) + [("head.weight", head.weight), ("head.bias", head.bias)]
    plain = [p for n, p in named if n.endswith("bias") or "LayerNorm" in n]
    decayed = [p for n, p in named if not (n.endswith("bias") or "LayerNorm" in n)]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate)
    steps = epochs * ((len(rows) + batch - 1) // batch)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)

    started = time.perf_counter()
    encoder.train()
    drop.train()
    for epoch in range(epochs):
        order = list(range(len(rows)))
        random.shuffle(order)
        chunks = [order[i : i + 50 * batch] for i in range(0, len(order), 50 * batch)]
        pools = [sorted(chunk, key=lambda i: len(rows[i]["words"])) for chunk in chunks]
        batches = [pool[i : i + batch] for pool in pools for i in range(0, len(pool), batch)]
        random.shuffle(batches)
        total = 0.0
        for places in batches:
            some = [rows[i] for i in places]
            encoded = encode(some)
            wanted = torch.full(encoded["input_ids"].shape, -100)
            for place, row in enumerate(some):
                own = tags_of(row)
                for word, token in firsts(encoded, place).items():
                    wanted[place, token] = number[own[word]]
            logits = logits_of(encoded)
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    figures = {
        "system": f"PyTorch {torch.__version__}, {epochs} epochs of {batch} x {length}, rate {rate}",
        "train_s": time.perf_counter() - started,
        "passes": epochs,
        "train_peak_mb": peak_mb(),
    }
    encoder.eval()
    drop.eval()

    @torch.no_grad()
    def answers_to(some):
        answers = []
        for i in range(0, len(some), 32):
            part = some[i : i + 32]
            encoded = encode(part)
            best = logits_of(encoded).argmax(2)
            for place, row in enumerate(part):
                own = ["O"] * len(row["words"])
                for word, token in firsts(encoded, place).items():
                    own[word] = labels[best[place, token]]
                answers.append(spans_of(row, own))
        return answers

    print(json.dumps({**figures, **measure_answers(read_rows(test_path), answers_to, answers_path)}))


main()
