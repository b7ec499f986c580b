"""Proves that posts linted under Spark have exactly the findings of `postmend check`, and measures both.

    prove.py POSTMEND FOLDER

FOLDER holds posts. Needs pyspark and pyarrow from PyPI, and a Java runtime.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).resolve().parent
ENDINGS = {".md", ".markdown", ".mdx", ".html", ".htm"}


def text_of(path):
    """A post as text, as postmend decodes it, with its byte order mark; none where it is none."""
    content = path.read_bytes()
    marked = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    for encoding in ("utf-8", marked.get(content[:2], "gb18030")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def identity(finding):
    return json.dumps(finding, ensure_ascii=False, sort_keys=True)


def main():
    postmend, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.chdir(folder)
    started = time.monotonic()
    ran = subprocess.run([postmend, "check", "--format", "json", "--quiet"], capture_output=True, check=False)
    alone = time.monotonic() - started
    expected = json.loads(ran.stdout)
    paths = sorted(path for path in pathlib.Path(".").rglob("*") if path.suffix in ENDINGS and path.is_file())
    rows = [(str(path), text) for path in paths if (text := text_of(path)) is not None]
    table = pyarrow.table({"path": [path for path, _ in rows], "text": [text for _, text in rows]})
    with tempfile.TemporaryDirectory() as temporary:
        source, target = f"{temporary}/posts.parquet", f"{temporary}/linted.parquet"
        pyarrow.parquet.write_table(table, source)
        started = time.monotonic()
        lines = "".join(json.dumps({"path": path, "text": text}, ensure_ascii=False) + "\n" for path, text in rows)
        prepared = time.monotonic()
        subprocess.run([postmend, "pipe"], input=lines.encode(), stdout=subprocess.DEVNULL, check=True)
        piped = time.monotonic() - prepared
        started = time.monotonic()
        subprocess.run([sys.executable, HERE / "lint.py", postmend, source, target], check=True)
        spark = time.monotonic() - started
        found = pyarrow.parquet.read_table(target).to_pylist()
    assert len(found) == len(rows), (len(found), len(rows))
    under_spark = sorted(identity(one) for row in found for one in json.loads(row["findings"]))
    known = {path for path, _ in rows}
    in_files = sorted(identity(one) for one in expected["findings"] if one["path"] in known)
    missing = set(in_files) - set(under_spark)
    extra = set(under_spark) - set(in_files)
    for finding in sorted(missing)[:5] + sorted(extra)[:5]:
        print(finding)
    print(f"{len(rows)} posts, {len(in_files)} findings in files, {len(under_spark)} under Spark")
    print(f"check {alone:.1f} s, pipe {piped:.1f} s, Spark {spark:.1f} s with its start")
    assert under_spark == in_files, "the findings differ"


if __name__ == "__main__":
    main()
