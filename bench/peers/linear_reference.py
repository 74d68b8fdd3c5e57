"""Prints the values that src/ml/linear/*.test.ts holds the trainer against.

usage: python bench/peers/linear_reference.py
"""

import json

import numpy as np
from scipy.optimize import minimize
from sklearn.svm import LinearSVC


def rows(count, features):
    """A sparse matrix without random numbers: the same formula stands in the tests."""
    matrix = np.zeros((count, features))
    for r in range(count):
        for k in range(4):
            matrix[r, (r * 7 + k * k * 3 + k) % features] = np.float32(((r * 13 + k * 5) % 11 + 1) / 10)
    return matrix


def main():
    x = rows(40, 12)
    y = np.array([1 if (r * r + r // 3) % 3 == 0 else -1 for r in range(40)])
    result = {}
    for cost in (0.5, 2.0):
        svm = LinearSVC(C=cost, tol=1e-12, max_iter=1_000_000, dual=True, random_state=0).fit(x, y)
        result[f"svm C={cost}"] = [*svm.coef_[0], svm.intercept_[0]]

    margins = np.array([[((r * 5 + c * 7) % 13 - 6) / 5 for c in range(3)] for r in range(30)])
    truth = np.array([int(np.argmax(margins[r])) if r % 4 else (r // 4) % 3 for r in range(30)])

    def softmax_loss(scale):
        logits = scale[0] * margins
        highest = logits.max(axis=1)
        total = np.log(np.exp(logits - highest[:, None]).sum(axis=1)) + highest
        return (total - logits[np.arange(30), truth]).mean() + 0.5e-4 * scale[0] ** 2

    result["softmax scale"] = minimize(softmax_loss, [1.0], tol=1e-14).x[0]
    print(json.dumps(result, indent=1))


main()
