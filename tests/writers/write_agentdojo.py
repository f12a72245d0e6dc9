"""AgentDojo's benchmark with its ground truth as the agent."""

import pathlib
import sys

from agentdojo.agent_pipeline import AgentPipeline, GroundTruthPipeline, InitQuery, SystemMessage
from agentdojo.agent_pipeline.base_pipeline_element import BasePipelineElement
from agentdojo.benchmark import benchmark_suite_without_injections
from agentdojo.logging import OutputLogger
from agentdojo.task_suite.load_suites import get_suite

VERSION = "v1.2.1"
SUITE = get_suite(VERSION, "workspace")


class Scripted(BasePipelineElement):
    name = "scripted-1"

    def query(self, query, runtime, env, messages=(), extra_args={}):  # noqa: B006 (their signature)
        task = next(task for task in SUITE.user_tasks.values() if task.PROMPT == query)
        pipeline = AgentPipeline([SystemMessage("You are an assistant."), InitQuery(), GroundTruthPipeline(task)])
        return pipeline.query(query, runtime, env, messages, extra_args)


def main(out):
    with OutputLogger(str(out)):
        benchmark_suite_without_injections(Scripted(), SUITE, out, True, ["user_task_0", "user_task_5", "user_task_11"],
                                           benchmark_version=VERSION)


main(pathlib.Path(sys.argv[1]))
