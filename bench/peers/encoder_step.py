"""A training step of MiniLM's shape on PyTorch (CPU).

usage: python bench/peers/encoder_step.py ROWS LENGTH THREADS float32|bfloat16

Answers `run` with the milliseconds of a step: forward, backward and AdamW over all parameters, as Hugging Face's
Trainer would do it (attention by PyTorch's fused kernel, dropout 0.1 in training mode). bfloat16 is autocast.
"""

import sys

import torch
from answers import answer, milliseconds
from transformers import BertConfig, BertModel

LABELS = 77

rows, length, threads = (int(value) for value in sys.argv[1:4])
half = sys.argv[4] == "bfloat16"
torch.set_num_threads(threads)
torch.manual_seed(0)
config = BertConfig(
    vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, attn_implementation="sdpa"
)
encoder = BertModel(config, add_pooling_layer=False).train()
head = torch.nn.Linear(config.hidden_size, LABELS)
optimizer = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=1e-5, weight_decay=0.01, fused=True)


def step():
    ids = torch.randint(1000, 30000, (rows, length))
    mask = torch.ones_like(ids)
    mask[1::2, length - length // 4 :] = 0
    labels = torch.randint(0, LABELS, (rows,))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        logits = head((states * weights).sum(1) / weights.sum(1))
        loss = torch.nn.functional.cross_entropy(logits.float(), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss.item()


answer(run=lambda: milliseconds(step))
