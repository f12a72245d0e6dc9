"""Graph edit distances by networkx, for ged_test.cc.

Reads a file with one graph a line, two lines a pair: number of nodes, number of edges, the labels,
the edges as node pairs. Prints one exact distance a pair.
"""
import sys

import networkx


def read_graph(line):
    numbers = [int(word) for word in line.split()]
    nodes, edges = numbers[:2]
    graph = networkx.DiGraph()
    for node, label in enumerate(numbers[2:2 + nodes]):
        graph.add_node(node, label=label)
    ends = numbers[2 + nodes:]
    graph.add_edges_from((ends[2 * i], ends[2 * i + 1]) for i in range(edges))
    return graph


with open(sys.argv[1], encoding="ascii") as file:
    graphs = [read_graph(line) for line in file]
for first, second in zip(graphs[::2], graphs[1::2]):
    print(int(networkx.graph_edit_distance(
        first, second, node_match=lambda a, b: a["label"] == b["label"])))
