"""An encoder's ONNX file in ONNX Runtime on a batch of token ids.

usage: python bench/peers/forward_onnxruntime.py defaults|like-own GRAPH.onnx BATCH.i64 ROWS LENGTH THREADS

defaults: only the number of threads is set, and threads that wait spin. like-own: the options of our own sessions.
Answers `run` with milliseconds; `save PATH` writes the batch's embeddings as float32.
"""

import sys

import numpy as np
import onnxruntime
from answers import answer, milliseconds

rows, length, threads = (int(value) for value in sys.argv[4:7])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
if sys.argv[1] == "like-own":
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
session = onnxruntime.InferenceSession(sys.argv[2], options, providers=["CPUExecutionProvider"])
ids, mask = np.fromfile(sys.argv[3], "<i8").reshape(2, rows, length)


def embed():
    return session.run(["embeddings"], {"input_ids": ids, "attention_mask": mask})[0]


def save(path):
    embed().astype("<f4").tofile(path)
    return path


answer(run=lambda: milliseconds(embed), save=save)
