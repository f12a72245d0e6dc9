"""Features of many logs on a Ray cluster: ray_features.py LOGS OUT.arrow, then `agentecho compare OUT.arrow`."""

import sys

import pyarrow as pa
import ray

import agentecho as ae


def extract(files: pa.Table) -> pa.Table:
    return pa.table(ae.features(files, content_column="bytes", metrics=["ags", "rps"], drift=False, threads=1))


files = ray.data.read_binary_files(sys.argv[1], include_paths=True, file_extensions=["json", "jsonl"])
tables = ray.get(files.map_batches(extract, batch_format="pyarrow", batch_size=1).to_arrow_refs())
with pa.ipc.new_file(sys.argv[2], tables[0].schema) as out:
    for table in tables:
        out.write_table(table)
