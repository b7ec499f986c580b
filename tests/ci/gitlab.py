"""Runs the script of a job of GitLab as its runner does, as far as ours needs it."""

import os
import subprocess

import yaml


def run(template, workspace, variables, path, shell):
    """Runs the job `.postmend`: all of its lines in one shell. Gives the exit code and the log."""
    job = yaml.safe_load(template.read_text())[".postmend"]
    settled = {"HOME": os.environ["HOME"], "LANG": "C.UTF-8", "PATH": path, **job["variables"], **variables}
    done = subprocess.run(
        [*shell, "-c", "\n".join(job["script"])],
        cwd=workspace,
        env=settled,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    reports = job["artifacts"]["reports"]
    return done.returncode, done.stdout, {kind: workspace / file for kind, file in reports.items()}
