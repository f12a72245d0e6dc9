#!/usr/bin/env python3
"""Requests a second with a fixed latency of the server: AgentEcho beside a plain aiohttp client.

    compare.py PATH/agentecho_llm_throughput [--count N] [--in-flight N] [--latency MS] [--rounds N]

The latency allows IN_FLIGHT / LATENCY requests a second. AgentEcho's first request goes alone, which costs one
latency, and connecting costs both a little: short runs say more about that than about the pace. Both clients send the same bodies to the same
server (a process of its own), take turns, and check every reply. AgentEcho's time includes rendering,
validation of every reply against its schema and storing it in an SQLite file; aiohttp parses the JSON.
"""
import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import aiohttp

SCHEMA = {"type": "object", "properties": {"overall": {"type": "integer", "minimum": 1, "maximum": 5}},
          "required": ["overall"], "additionalProperties": False}


def body(index):
    return json.dumps({
        "model": "judge", "temperature": 0.0, "max_tokens": 50,
        "messages": [{"role": "user", "content": f"item {index}" + "x" * 2000}],
        "response_format": {"type": "json_schema",
                            "json_schema": {"name": "score", "strict": True, "schema": SCHEMA}}})


async def ask_all(url, count, in_flight):
    connector = aiohttp.TCPConnector(limit=in_flight)
    indices = iter(range(count))
    done = 0

    async def worker(session):
        nonlocal done
        for index in indices:
            async with session.post(url + "/chat/completions", data=body(index),
                                    headers={"Content-Type": "application/json"}) as reply:
                content = (await reply.json())["choices"][0]["message"]["content"]
                assert json.loads(content)["overall"] == 3
                done += 1

    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(worker(session) for _ in range(in_flight)))
    assert done == count


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def python_client(url, count, in_flight):
    start, cpu = time.monotonic(), cpu_seconds()
    asyncio.run(ask_all(url, count, in_flight))
    print(json.dumps({"seconds": time.monotonic() - start, "cpu_seconds": cpu_seconds() - cpu}))


def run_client(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=51200)
    parser.add_argument("--in-flight", type=int, default=512)
    parser.add_argument("--latency", type=int, default=100, help="milliseconds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python-client", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.python_client:
        return python_client(options.python_client, options.count, options.in_flight)

    server = subprocess.Popen([options.program, "serve", str(options.latency)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    sizes = [str(options.count), str(options.in_flight)]
    results = {"agentecho": [], "aiohttp": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            results["agentecho"].append(run_client(
                [options.program, "ask", url, *sizes, os.path.join(folder, "cache.sqlite")]))
        results["aiohttp"].append(run_client(
            [sys.executable, __file__, options.program, "--python-client", url,
             "--count", sizes[0], "--in-flight", sizes[1]]))
    served = json.loads(server.communicate()[0])
    allowed = options.in_flight / (options.latency / 1000)
    print(f"{options.count} requests, {options.in_flight} in flight, {options.latency} ms: "
          f"the latency allows {allowed:.0f} requests/s; median of {options.rounds} rounds (all)")
    print(f"{'client':<12}{'requests/s':>12}{'of allowed':>12}{'CPU us/request':>16}  rounds")
    for client, runs in results.items():
        rates = [options.count / run["seconds"] for run in runs]
        cpu = statistics.median(run["cpu_seconds"] for run in runs) / options.count * 1e6
        rate = statistics.median(rates)
        print(f"{client:<12}{rate:>12.0f}{rate / allowed:>12.1%}{cpu:>16.1f}  "
              + " ".join(f"{r:.0f}" for r in rates))
    print(f"the server itself: {served['cpu_seconds'] / served['requests'] * 1e6:.1f} CPU us/request, "
          f"at most {served['most_in_flight']} in flight")


if __name__ == "__main__":
    main()
