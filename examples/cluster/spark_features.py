"""Features of many logs on a Spark cluster: spark_features.py LOGS OUT.arrow, then `agentecho compare OUT.arrow`."""

import sys

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

import agentecho as ae


def extract(batches):
    for files in batches:
        table = pa.Table.from_batches([files.select(["path", "content"])])
        yield from pa.table(ae.features(table, content_column="content", metrics=["ags", "rps"], drift=False, threads=1)).to_batches()


spark = SparkSession.builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", 1).getOrCreate()
files = spark.read.format("binaryFile").option("pathGlobFilter", "*.json*").load(sys.argv[1]).repartition(4)
features = files.mapInArrow(extract, from_arrow_schema(ae.feature_schema())).toArrow()
with pa.ipc.new_file(sys.argv[2], features.schema) as out:
    out.write_table(features)
