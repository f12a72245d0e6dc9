"""Graph edit distance: AgentEcho against networkx, side by side on the same pairs in one run.

Two questions.

1. Exact distances of graphs with 8 to 10 nodes: do the two agree, and how much faster is AgentEcho?
   Goal: at least 500 times on every pair. Where networkx does not finish within --limit seconds,
   its time counts as that limit, so the ratio is a lower bound.
2. Larger graphs, where networkx offers an anytime result (optimize_graph_edit_distance): is
   AgentEcho's upper bound ever worse? networkx gets --anytime seconds a pair, hundreds of times what
   AgentEcho takes, so this asks for more than equality at equal time; the last line says how often
   networkx had any result at all when AgentEcho was done.

Graphs are random and seeded, shaped like those of tool-use runs: few labels, each call joined to one
or two earlier calls. Half of the pairs are unrelated, half are a graph and an edited copy. No
self-loops, which networkx does not charge when their node is deleted.

    cmake --preset bench && cmake --build --preset bench --target agentecho_ged_pairs
    python3 bench/ged_vs_networkx.py build/bench/bench/agentecho_ged_pairs

Needs networkx, numpy, scipy. Exits 1 when results disagree or a goal is missed.
"""
import argparse
import random
import statistics
import subprocess
import sys
import time

import networkx


def action_graph(rng, nodes):
    labels = [rng.choice((0, 0, 0, 1, 2, 3, 4, 5)) for _ in range(nodes)]
    edges = set()
    for node in range(1, nodes):
        edges.add((rng.randrange(node) if rng.random() < 0.8 else node - 1, node))
        if rng.random() < 0.25:
            edges.add((rng.randrange(node), node))
    return labels, sorted(edges)


def edited(rng, graph):
    labels, edges = list(graph[0]), set(graph[1])
    for _ in range(2):
        labels[rng.randrange(len(labels))] = rng.randrange(6)
        edges.discard(rng.choice(sorted(edges)))
        edges.add(tuple(sorted(rng.sample(range(len(labels)), 2))))
    return labels, sorted(edges)


def make_pairs(rng, sizes, count):
    pairs = []
    for i in range(count):
        first = action_graph(rng, rng.choice(sizes))
        second = edited(rng, first) if i % 2 else action_graph(rng, rng.choice(sizes))
        pairs.append((first, second))
    return pairs


def agentecho(program, pairs):
    lines = []
    for pair in pairs:
        for labels, edges in pair:
            ends = [end for edge in edges for end in edge]
            lines.append(" ".join(map(str, [len(labels), len(edges), *labels, *ends])))
    done = subprocess.run([program], input="\n".join(lines) + "\n", text=True, check=True,
                          capture_output=True)
    return [tuple(float(word) for word in line.split()) for line in done.stdout.splitlines()]


def to_networkx(graph):
    result = networkx.DiGraph()
    for node, label in enumerate(graph[0]):
        result.add_node(node, label=label)
    result.add_edges_from(graph[1])
    return result


def same_label(a, b):
    return a["label"] == b["label"]


def compare_exact(program, pairs, limit):
    ratios, ours_total, theirs_total, unfinished, wrong, open_pairs = [], 0.0, 0.0, 0, 0, 0
    for pair, (lower, upper, _, ours) in zip(pairs, agentecho(program, pairs)):
        first, second = map(to_networkx, pair)
        start = time.perf_counter()
        # A timeout makes networkx return its best so far.
        distance = networkx.graph_edit_distance(first, second, node_match=same_label,
                                                timeout=limit)
        theirs = time.perf_counter() - start
        finished = theirs < limit
        unfinished += not finished
        open_pairs += lower != upper
        wrong += upper != distance if finished else upper > distance
        ratios.append(theirs / ours)
        ours_total += ours
        theirs_total += theirs
        print(f"  {len(pair[0][0]):2} and {len(pair[1][0]):2} nodes  distance {upper:3.0f}"
              f"  AgentEcho {ours * 1e6:8.1f} us  networkx {theirs:8.3f} s"
              f"{' (stopped)' if not finished else ''}  ratio {theirs / ours:11.0f}", flush=True)
    print(f"exact, {len(pairs)} pairs: AgentEcho {ours_total * 1e3:.2f} ms, networkx "
          f"{theirs_total:.1f} s ({unfinished} stopped at {limit:g} s)")
    print(f"  ratio: smallest {min(ratios):.0f}, median {statistics.median(ratios):.0f}, "
          f"of totals {theirs_total / ours_total:.0f}")
    print(f"  disagreements {wrong}, not exact {open_pairs}")
    return wrong == 0 and open_pairs == 0 and min(ratios) >= 500


def compare_anytime(program, pairs, seconds):
    counts = {"better": 0, "equal": 0, "worse": 0}
    late, exact, times = 0, 0, []
    for pair, (lower, upper, _, ours) in zip(pairs, agentecho(program, pairs)):
        first, second = map(to_networkx, pair)
        best, first_result = float("inf"), float("inf")
        start = time.perf_counter()
        # optimize_graph_edit_distance has no time limit of its own; this is what it calls.
        for _, _, cost in networkx.optimize_edit_paths(first, second, node_match=same_label,
                                                       timeout=seconds):
            first_result = min(first_result, time.perf_counter() - start)
            best = min(best, cost)
        late += first_result > ours
        exact += lower == upper
        times.append(ours)
        counts["better" if upper < best else "equal" if upper == best else "worse"] += 1
    print(f"anytime, {len(pairs)} pairs of {min(len(p[0][0]) for p in pairs)} to "
          f"{max(len(p[0][0]) for p in pairs)} nodes: AgentEcho {statistics.mean(times) * 1e3:.2f} ms "
          f"a pair ({exact} exact), networkx up to {seconds:g} s")
    print(f"  AgentEcho's upper bound better {counts['better']}, equal {counts['equal']}, worse "
          f"{counts['worse']}; networkx had no result yet when AgentEcho was done: {late}")
    return counts["worse"] == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="agentecho_ged_pairs")
    parser.add_argument("--pairs", type=int, default=20, help="pairs of 8 to 10 nodes")
    parser.add_argument("--limit", type=float, default=20, help="seconds of networkx a pair")
    parser.add_argument("--anytime-pairs", type=int, default=20, help="pairs of 15 to 25 nodes")
    parser.add_argument("--anytime", type=float, default=2, help="seconds of networkx a pair")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    good = compare_exact(arguments.program, make_pairs(rng, range(8, 11), arguments.pairs),
                         arguments.limit)
    good &= compare_anytime(arguments.program,
                            make_pairs(rng, range(15, 26), arguments.anytime_pairs),
                            arguments.anytime)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
