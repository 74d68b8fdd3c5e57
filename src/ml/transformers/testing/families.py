"""Writes families.json: what Hugging Face transformers and PyTorch give for tiny encoders made of sines.

Run in this folder: python3 families.py   (needs torch and transformers)

The parameter with the p-th name in sorted order has the values 0.3 * sin(0.7 * i + p), i counting its
elements from 0; norms' weights have 1 added. The loss is the sum of the mean-pooled states, each times
sin(its number). For each parameter the gradient's norm is written.
"""

import json

import torch
import transformers

SIZES = dict(vocab_size=13, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12)
FAMILIES = {
    "bert": (transformers.BertConfig(**SIZES, max_position_embeddings=18, hidden_act="gelu_new"), 0),
    "distilbert": (
        transformers.DistilBertConfig(vocab_size=13, dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=18),
        0,
    ),
    "roberta": (transformers.RobertaConfig(**SIZES, max_position_embeddings=20, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1), 1),
    "mpnet": (transformers.MPNetConfig(**SIZES, max_position_embeddings=20, layer_norm_eps=1e-5), 1),
}


def fill(model: torch.nn.Module) -> None:
    for p, (name, parameter) in enumerate(sorted(model.named_parameters())):
        values = 0.3 * torch.sin(0.7 * torch.arange(parameter.numel(), dtype=torch.float64) + p)
        is_norm = name.endswith("weight") and ("LayerNorm" in name or "layer_norm" in name)
        parameter.data = (values + (1 if is_norm else 0)).reshape(parameter.shape).float()


def golden(config: transformers.PretrainedConfig, pad: int) -> dict:
    config._attn_implementation = "eager"
    pooler = {} if config.model_type == "distilbert" else {"add_pooling_layer": False}
    model = transformers.AutoModel.from_config(config, **pooler).eval()
    fill(model)
    ids = [[2, 5, 9, 12, 7, 4, 6, 8, 10, 11, 5, 9, 6, 3], [2, 11, 4, 3] + [pad] * 10]
    mask = torch.tensor([[1] * 14, [1] * 4 + [0] * 10])
    states = model(input_ids=torch.tensor(ids), attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).float()
    pooled = (states * weights).sum(1) / weights.sum(1)
    (pooled.flatten() * torch.sin(torch.arange(pooled.numel()).float())).sum().backward()
    return {
        "input_ids": ids,
        "pooled": [round(x, 7) for x in pooled.flatten().tolist()],
        "gradient_norms": {name: float(p.grad.norm()) for name, p in sorted(model.named_parameters())},
    }


if __name__ == "__main__":
    values = {family: golden(*settings) for family, settings in FAMILIES.items()}
    with open("families.json", "w") as file:
        json.dump(values, file, indent=1)
        file.write("\n")
