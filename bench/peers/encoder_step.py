"""A training step of MiniLM's shape on PyTorch (CPU), one for each line of stdin: "rows length threads dtype".

Answers with the milliseconds of the step: forward, backward and AdamW over all parameters, as Hugging Face's
Trainer would do it (attention by PyTorch's fused kernel, dropout 0.1 in training mode).
dtype: float32, or bfloat16 for autocast.
"""

import sys
import time

import torch
from transformers import BertConfig, BertModel

LABELS = 77

torch.manual_seed(0)
config = BertConfig(
    vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, attn_implementation="sdpa"
)
encoder = BertModel(config, add_pooling_layer=False).train()
head = torch.nn.Linear(config.hidden_size, LABELS)
optimizer = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=1e-5, weight_decay=0.01, fused=True)


def step(rows: int, length: int, dtype: str) -> None:
    ids = torch.randint(1000, 30000, (rows, length))
    mask = torch.ones_like(ids)
    mask[1::2, length - length // 4 :] = 0
    labels = torch.randint(0, LABELS, (rows,))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == "bfloat16"):
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        logits = head((states * weights).sum(1) / weights.sum(1))
        loss = torch.nn.functional.cross_entropy(logits.float(), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss.item()


for line in sys.stdin:
    rows, length, threads, dtype = line.split()
    torch.set_num_threads(int(threads))
    begun = time.perf_counter()
    step(int(rows), int(length), dtype)
    print((time.perf_counter() - begun) * 1000, flush=True)
