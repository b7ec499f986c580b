"""Lints and migrates posts that lie in a Parquet file, with PySpark and `postmend pipe`.

    lint.py POSTMEND POSTS.parquet OUT.parquet [ARGUMENT ...]

POSTS has the columns `path` and `text`; OUT has a row for each of them: `path`, `findings` (JSON), `text`
(the new one, null where nothing changed). The arguments go to `postmend pipe`. Each partition runs one
process; what rules find by comparing posts is asked for in a second pass, over the posts that meet only.
"""

import json
import subprocess
import sys
import threading

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

ANSWERS = T.StructType(
    [
        T.StructField("path", T.StringType()),
        T.StructField("findings", T.StringType()),
        T.StructField("text", T.StringType()),
        T.StructField("claims", T.ArrayType(T.MapType(T.StringType(), T.StringType()))),
    ]
)


def piped(command):
    """A function for one partition: rows go in as lines of JSON, and come out as answers, in order."""

    def run(rows):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

        def feed():
            with process.stdin:
                for row in rows:
                    record = {"path": row.path, "text": row.text}
                    if "contested" in row.__fields__:
                        record["contested"] = [one.asDict() for one in row.contested]
                    process.stdin.write(json.dumps(record, ensure_ascii=False) + "\n")

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        for line in process.stdout:
            answer = json.loads(line)
            if "error" in answer:
                raise ValueError(answer)
            findings = json.dumps(answer["findings"], ensure_ascii=False)
            yield answer["path"], findings, answer.get("text"), answer.get("claims", [])
        feeder.join()
        if process.wait() != 0:
            raise RuntimeError(f"postmend pipe ended with {process.returncode}")

    return run


def answers(spark, rows, command):
    return spark.createDataFrame(rows.rdd.mapPartitions(piped(command)), ANSWERS)


def contested(first):
    """The posts that claim what another one does, and which one that is: the first, or for that the second."""
    claims = first.select("path", F.explode("claims").alias("claim"))
    keys = [F.col("claim")[name] for name in ("site", "rule", "key")]
    # Paths in the order of their parts, as postmend has them.
    parts = F.split("path", "/")
    together = Window.partitionBy(*keys)
    ranked = claims.withColumn("rank", F.row_number().over(together.orderBy(parts)))
    ranked = ranked.withColumn("first", F.first("path").over(together.orderBy(parts)))
    second = F.max(F.when(F.col("rank") == 2, F.col("path"))).over(together)
    ranked = ranked.withColumn("second", second).where(F.col("second").isNotNull())
    other = F.when(F.col("rank") == 1, F.col("second")).otherwise(F.col("first"))
    pair = F.struct(F.col("claim")["rule"].alias("rule"), other.alias("other"))
    return ranked.groupBy("path").agg(F.sort_array(F.collect_list(pair)).alias("contested"))


def main():
    postmend, source, target, *arguments = sys.argv[1:]
    spark = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    # One process for each core: Spark runs as many partitions at once.
    command = [postmend, "pipe", "--jobs", "1", *arguments]
    posts = spark.read.parquet(source).repartition(spark.sparkContext.defaultParallelism * 4)
    first = answers(spark, posts, command).cache()
    again = posts.join(contested(first), "path").select("path", "text", "contested")
    # Asked once more, these tell all that is found in them.
    second = answers(spark, again, command).select("path", F.col("findings").alias("all"))
    both = first.join(second, "path", "left")
    both = both.select("path", F.coalesce("all", "findings").alias("findings"), "text")
    both.write.mode("overwrite").parquet(target)


if __name__ == "__main__":
    main()
