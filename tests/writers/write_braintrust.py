"""The rows that Braintrust's client sends of traced calls."""

import json
import pathlib
import sys

import braintrust
import loan_agent
import openai
from braintrust import logger
from braintrust.util import LazyValue


def main(out):
    logger.login(api_key=logger.TEST_API_KEY)
    project = logger.ObjectMetadata(id="p", name="p", full_info={})
    places = logger.OrgProjectMetadata(org_id="o", project=project)
    with logger._internal_with_memory_background_logger() as kept:
        log = logger.init_logger(project="p", project_id="p", set_current=True)
        log._lazy_metadata = LazyValue(lambda: places, use_mutex=False)
        for task in ("loans", "members"):
            client = braintrust.wrap_openai(loan_agent.scripted_client(openai))
            with log.start_span(name="agent") as span:
                answer = loan_agent.answer(client, f"Find {task}.")
                span.log(input=f"Find {task}.", output=answer, metadata={"task_id": task}, scores={"success": float(task == "loans")})
        rows = kept.pop()
    (out / "rows.jsonl").write_text("".join(json.dumps(row, default=str) + "\n" for row in rows))


main(pathlib.Path(sys.argv[1]))
