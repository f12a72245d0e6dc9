#!/usr/bin/env python3
"""Fits the weights of the default stage taxonomy and prints its cross-validated figures.

  rps_features stages LABELS.jsonl CORPUS src/agentecho/metrics/rps/default_taxonomy.json > stages.csv
  scripts/fit_stages.py stages.csv [more.csv ...] \
      [--write src/agentecho/metrics/rps/default_taxonomy.json]

Multinomial logistic regression with a ridge penalty on yes/no features, once for all items and once
more (the "think:" features) for reasoning items. Left out are features that hold for fewer than
MIN_COUNT items or fail to hold for fewer, the ".first" forms of cues, and cues as "think:" features:
they add weights and no accuracy. Needs numpy and scikit-learn (Debian packages python3-numpy,
python3-sklearn). Deterministic.
"""
import argparse
import csv
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, confusion_matrix

META = ["file", "task", "item", "type", "stage", "sure", "local"]
STRENGTH = 0.3  # C of scikit-learn: the inverse of the ridge penalty
MIN_COUNT = 6


def read(paths):
    rows = [row for path in paths for row in csv.DictReader(open(path))]
    names = [name for name in rows[0] if name not in META]
    values = np.array([[float(row[name]) for name in names] for row in rows])
    think = np.array([row["type"] == "think" for row in rows])
    matrix = np.hstack([values, values * think[:, None]])
    names = names + ["think:" + name for name in names]
    held = matrix.sum(axis=0)
    useful = (held >= MIN_COUNT) & (held <= len(rows) - MIN_COUNT)
    useful &= np.array([
        name != "think:kind.think" and not name.endswith(".first")
        and not name.startswith("think:cue") for name in names
    ])
    return rows, matrix[:, useful], [n for n, keep in zip(names, useful) if keep]


def fit(matrix, stages, strength):
    return LogisticRegression(C=strength, max_iter=5000).fit(matrix, stages)


def cross_validated(matrix, stages, groups, strength):
    predicted = np.empty(len(stages), dtype=object)
    for group in np.unique(groups):
        test = groups == group
        predicted[test] = fit(matrix[~test], stages[~test], strength).predict(matrix[test])
    return predicted


def report(name, stages, predicted):
    accuracy = np.mean(predicted == stages)
    kappa = cohen_kappa_score(predicted, stages)
    print(f"  {name:28s} accuracy {accuracy:.3f}  kappa {kappa:.3f}  n {len(stages)}")


def write(path, model, names):
    taxonomy = json.load(open(path))
    order = [list(model.classes_).index(stage) for stage in taxonomy["stages"]]
    rounded = lambda values: {
        stage: round(float(values[i]), 2)
        for stage, i in zip(taxonomy["stages"], order)
        if abs(values[i]) >= 0.005
    }
    taxonomy["bias"] = rounded(model.intercept_)
    taxonomy["weights"] = {n: rounded(model.coef_[:, j]) for j, n in enumerate(names)}
    taxonomy["weights"] = {n: w for n, w in taxonomy["weights"].items() if w}
    text = lambda value: json.dumps(value, ensure_ascii=False)
    block = lambda entries: ",\n".join(f"    {text(k)}: {text(v)}" for k, v in entries.items())
    with open(path, "w") as out:
        out.write('{\n  "schema_version": 1,\n')
        out.write(f'  "stages": {text(taxonomy["stages"])},\n')
        out.write(f'  "cues": {{\n{block(taxonomy["cues"])}\n  }},\n')
        out.write(f'  "bias": {text(taxonomy["bias"])},\n')
        out.write(f'  "weights": {{\n{block(taxonomy["weights"])}\n  }}\n}}\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", nargs="+")
    parser.add_argument("--write", metavar="TAXONOMY.json")
    parser.add_argument("--strength", type=float, default=STRENGTH)
    parser.add_argument("--errors", action="store_true", help="list the leave-task-out errors")
    options = parser.parse_args()
    rows, matrix, names = read(options.csv)
    stages = np.array([row["stage"] for row in rows])
    folder = np.array([row["file"].split("/")[0] for row in rows])
    task = np.array([row["file"].split("/")[0] + row["task"] for row in rows])
    file = np.array([row["file"] for row in rows])
    model_name = np.array([row["file"].split("/")[-1] for row in rows])
    print(f"{len(rows)} items, {len(names)} features, strength {options.strength}")
    model = fit(matrix, stages, options.strength)
    report("in sample", stages, model.predict(matrix))
    by_task = cross_validated(matrix, stages, task, options.strength)
    report("leave one task out", stages, by_task)
    report("leave one file out", stages, cross_validated(matrix, stages, file, options.strength))
    report("leave one model out", stages,
           cross_validated(matrix, stages, model_name, options.strength))
    report("leave one benchmark out", stages,
           cross_validated(matrix, stages, folder, options.strength))
    print("confusion (leave one task out; rows: label)", list(model.classes_))
    print(confusion_matrix(stages, by_task.astype(str), labels=model.classes_))
    if len(options.csv) > 1:
        first = np.arange(len(rows)) < sum(1 for _ in csv.DictReader(open(options.csv[0])))
        print("the items of the first file alone")
        report("leave one task out", stages[first], by_task[first])
        report("from the other files", stages[first],
               fit(matrix[~first], stages[~first], options.strength).predict(matrix[first]))
    if options.errors:
        for row, label, guess in zip(rows, stages, by_task):
            if label != guess:
                print(row["file"], row["task"][:20], row["item"], row["type"], label, "->", guess)
    if options.write:
        write(options.write, model, names)


if __name__ == "__main__":
    main()
