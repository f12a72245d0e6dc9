"""A document of Harbor's own ATIF models."""

import pathlib
import sys

from atif import Agent, Observation, ObservationResult, Step, ToolCall, Trajectory


def main(out):
    calls = [ToolCall(tool_call_id="c1", function_name="find_loan", arguments={"member": "m1"}),
             ToolCall(tool_call_id="c2", function_name="find_member", arguments={"name": "Ilse"})]
    results = [ObservationResult(source_call_id="c1", content="ln-5"), ObservationResult(source_call_id="c2", content="m1")]
    run = Trajectory(
        schema_version="ATIF-v1.8", session_id="s1", agent=Agent(name="desk", version="1", model_name="prov/alder-1"),
        steps=[Step(step_id=1, source="system", message="You work at the desk."),
               Step(step_id=2, source="user", message="Renew my loan."),
               Step(step_id=3, source="agent", message="Looking.", reasoning_content="Find it first.", tool_calls=calls,
                    observation=Observation(results=results)),
               Step(step_id=4, source="agent", message="Renewed.")])
    (out / "trajectory.json").write_text(run.model_dump_json(exclude_none=True))


main(pathlib.Path(sys.argv[1]))
