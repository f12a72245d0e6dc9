#!/usr/bin/env python3
"""Fits the weights of the local pair judge and prints its cross-validated figures.

  rps_features pairs LABELS.jsonl CORPUS > pairs.csv
  scripts/fit_rps.py pairs.csv [more.csv ...] [--write src/agentecho/metrics/rps/judge_model.json]

Ridge regression with non-negative weights on similarities in [0, 1], so that being more alike never
lowers a score. A few anchors (identical sides: 5) are added to the training pairs. Alignment uses
only what can be observed of how words and calls go together. Needs numpy and scipy (Debian packages
python3-numpy, python3-scipy). Deterministic.
"""
import argparse
import csv
import json

import numpy as np
from scipy.optimize import nnls
from scipy.stats import spearmanr

SCORES = ["style", "structure", "alignment", "overall"]
META = ["a", "b", "task", "stage"] + SCORES + ["local_" + score for score in SCORES]
PENALTY = 0.5
ANCHORS = 2
OBSERVABLE = {"turns", "length", "announcing", "calling", "reasoning", "openings_closings"}


def fit(matrix, labels):
    matrix = np.vstack([matrix, np.ones((ANCHORS, matrix.shape[1]))])
    labels = np.append(labels, [5.0] * ANCHORS)
    mean, centre = matrix.mean(axis=0), labels.mean()
    size = matrix.shape[1]
    rows = np.vstack([matrix - mean, np.sqrt(PENALTY) * np.eye(size)])
    weights, _ = nnls(rows, np.append(labels - centre, np.zeros(size)))
    return centre - mean @ weights, weights


def predict(model, matrix):
    return np.clip(model[0] + matrix @ model[1], 1, 5)


def leave_group_out(matrix, labels, groups):
    predicted = np.zeros(len(labels))
    for group in sorted(set(groups)):
        test = np.array([g == group for g in groups])
        predicted[test] = predict(fit(matrix[~test], labels[~test]), matrix[test])
    return predicted


def leave_model_out(matrix, labels, sides):
    """Each pair from fits that saw no pair with one, then the other of its models; their mean."""
    guesses = [[] for _ in labels]
    for model in sorted({name for pair in sides for name in pair}):
        test = np.array([model in pair for pair in sides])
        if test.all():
            continue
        for i, value in zip(np.where(test)[0],
                            predict(fit(matrix[~test], labels[~test]), matrix[test])):
            guesses[i].append(value)
    return np.array([np.mean(g) for g in guesses])


def quadratic_kappa(a, b):
    a, b = np.rint(a).astype(int), np.rint(b).astype(int)
    observed = np.zeros((5, 5))
    for x, y in zip(a, b):
        observed[x - 1, y - 1] += 1
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / len(a)
    cost = np.subtract.outer(np.arange(5), np.arange(5)) ** 2
    return 1 - (cost * observed).sum() / (cost * expected).sum()


def report(name, labels, predicted):
    print(f"  {name:22s} Spearman {spearmanr(labels, predicted)[0]:.3f}"
          f"  MAE {np.abs(labels - predicted).mean():.3f}"
          f"  quadratic kappa {quadratic_kappa(labels, predicted):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", nargs="+")
    parser.add_argument("--write", metavar="MODEL.json")
    options = parser.parse_args()
    tables = [list(csv.DictReader(open(path))) for path in options.csv]
    rows = [row for table in tables for row in table]
    first = np.arange(len(rows)) < len(tables[0])
    names = [name for name in rows[0] if name not in META]
    everything = np.array([[float(row[name]) for name in names] for row in rows])
    tasks = [row["a"].split("/")[0] + row["task"] for row in rows]
    sides = [(row["a"].split("/")[-1], row["b"].split("/")[-1]) for row in rows]
    print(f"{len(rows)} pairs, {len(names)} features")
    scores = {}
    for score in SCORES:
        used = [n for n in names if score != "alignment" or n in OBSERVABLE]
        matrix = everything[:, [names.index(n) for n in used]]
        labels = np.array([float(row[score]) for row in rows])
        model = fit(matrix, labels)
        print(score)
        report("in sample", labels, predict(model, matrix))
        by_task = leave_group_out(matrix, labels, tasks)
        by_model = leave_model_out(matrix, labels, sides)
        report("leave one task out", labels, by_task)
        report("leave one model out", labels, by_model)
        if not first.all():
            print("  pairs of the first file alone")
            report("leave one task out", labels[first], by_task[first])
            report("leave one model out", labels[first], by_model[first])
            report("from the other files", labels[first],
                   predict(fit(matrix[~first], labels[~first]), matrix[first]))
            print("  pairs of the other files alone")
            report("from the first file", labels[~first],
                   predict(fit(matrix[first], labels[first]), matrix[~first]))
        scores[score] = {
            "intercept": round(float(model[0]), 3),
            "weights": {n: round(float(w), 3) for n, w in zip(used, model[1]) if w >= 0.0005},
        }
    if options.write:
        with open(options.write, "w") as out:
            json.dump({"schema_version": 1, "scores": scores}, out, indent=2)
            out.write("\n")


if __name__ == "__main__":
    main()
