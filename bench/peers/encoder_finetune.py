"""Fine-tunes an encoder on JSON-lines files with PyTorch: the twin of our own `full` training.

usage: python bench/peers/encoder_finetune.py ENCODER TRAIN.jsonl TEST.jsonl EPOCHS BATCH LENGTH RATE [SEED]

The same recipe: a linear head on the mean of the states under the mask, cross-entropy, AdamW (decay 0.01, none on
biases and layer norms), a tenth of the steps of warm-up and then linearly to 0, gradients clipped at norm 1, dropout
0.1, batches of about the same length. Prints one JSON line.
"""

import json
import random
import resource
import sys
import time

import torch
import transformers
from sklearn.metrics import f1_score
from transformers import AutoModel, AutoTokenizer


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def main():
    folder, train_path, test_path = sys.argv[1:4]
    epochs, batch, length = (int(value) for value in sys.argv[4:7])
    rate = float(sys.argv[7])
    seed = int(sys.argv[8]) if len(sys.argv) > 8 else 42
    torch.manual_seed(seed)
    random.seed(seed)
    torch.set_num_threads(2)
    texts, names = read(train_path)
    test_texts, test_names = read(test_path)
    labels = sorted(set(names))
    number = {name: i for i, name in enumerate(labels)}
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
    head = torch.nn.Linear(encoder.config.hidden_size, len(labels))
    drop = torch.nn.Dropout(0.1)

    def logits_of(chosen):
        enc = tokenizer(chosen, padding=True, truncation=True, max_length=length, return_tensors="pt")
        states = encoder(**enc).last_hidden_state
        mask = enc["attention_mask"].unsqueeze(-1).float()
        return head(drop((states * mask).sum(1) / mask.sum(1)))

    named = list(encoder.named_parameters()) + [("head.weight", head.weight), ("head.bias", head.bias)]
    plain = [p for n, p in named if n.endswith("bias") or "LayerNorm" in n]
    decayed = [p for n, p in named if not (n.endswith("bias") or "LayerNorm" in n)]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate)
    steps = epochs * ((len(texts) + batch - 1) // batch)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)

    started = time.perf_counter()
    encoder.train()
    drop.train()
    lengths = [len(ids) for ids in tokenizer(texts, truncation=True, max_length=length)["input_ids"]]
    for epoch in range(epochs):
        order = list(range(len(texts)))
        random.shuffle(order)
        pools = [sorted(order[i : i + 50 * batch], key=lengths.__getitem__) for i in range(0, len(order), 50 * batch)]
        batches = [pool[i : i + batch] for pool in pools for i in range(0, len(pool), batch)]
        random.shuffle(batches)
        total = 0.0
        for rows in batches:
            wanted = torch.tensor([number[names[row]] for row in rows])
            loss = torch.nn.functional.cross_entropy(logits_of([texts[row] for row in rows]), wanted)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    train_s = time.perf_counter() - started

    encoder.eval()
    drop.eval()
    predicted = []
    with torch.no_grad():
        for i in range(0, len(test_texts), 64):
            predicted += [labels[j] for j in logits_of(test_texts[i : i + 64]).argmax(1).tolist()]
    print(
        json.dumps(
            {
                "system": f"PyTorch {torch.__version__}, {epochs} epochs of {batch} x {length}, rate {rate}",
                "accuracy": sum(p == t for p, t in zip(predicted, test_names)) / len(test_names),
                "macro_f1": f1_score(test_names, predicted, average="macro"),
                "train_s": train_s,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main()
