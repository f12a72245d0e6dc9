"""Writes a run of each of two models, with so many calls that aligning them takes a while."""

import json
import random
import sys

for model in ("A", "B"):
    chosen = random.Random(model)
    messages = [{"role": "user", "content": "go"}]
    for call in range(int(sys.argv[1])):
        function = {"name": chosen.choice(["get", "put", "list"]),
                    "arguments": json.dumps({"key": chosen.randrange(50)})}
        messages.append({"role": "assistant", "content": None,
                         "tool_calls": [{"id": f"c{call}", "type": "function", "function": function}]})
        messages.append({"role": "tool", "tool_call_id": f"c{call}", "content": "done"})
    print(json.dumps({"model": model, "task_id": "1", "trial": 0, "reward": 1, "messages": messages}))
