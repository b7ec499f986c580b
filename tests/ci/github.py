"""Runs the steps of a composite action as GitHub's runner does, as far as ours needs it."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass
class Outcome:
    """What a run of the action left."""

    code: int
    log: str
    summary: str
    outputs: dict


class Expressions:
    """Values of `${{ … }}`: names, strings, `||`, `==` and `!=`. Whatever else stands there is an error."""

    def __init__(self, contexts):
        self.contexts = contexts

    def value(self, expression):
        found = ""
        for part in expression.split("||"):
            found = self.compared(part.strip())
            if found:
                break
        return found

    def compared(self, expression):
        comparison = re.fullmatch(r"(\S+) (==|!=) (\S+)", expression)
        if not comparison:
            return self.term(expression)
        left, how, right = comparison.groups()
        return (self.term(left) == self.term(right)) == (how == "==")

    def term(self, term):
        if re.fullmatch(r"'[^']*'", term):
            return term[1:-1]
        if not re.fullmatch(r"[a-z_-]+(\.[a-z_-]+)+", term):
            raise ValueError(f"an expression of a form that is not known here: {term}")
        found = self.contexts
        for name in term.split("."):
            # As with GitHub, what is not there is empty.
            found = found.get(name, "") if isinstance(found, dict) else ""
        return found

    def text(self, template):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1].strip())), str(template))


def run(action_file, workspace, inputs, github, path, environment=None):
    """Runs the action in a checkout, `path` being what a job has in PATH."""
    action = yaml.safe_load(action_file.read_text())
    unknown = inputs.keys() - action["inputs"].keys()
    if unknown:
        raise ValueError(f"the action has no input {unknown}")
    contexts = {"github": github, "steps": {}, "inputs": {}}
    expressions = Expressions(contexts)
    for name, about in action["inputs"].items():
        contexts["inputs"][name] = inputs.get(name, expressions.text(about.get("default", "")))
    code, log, summary = 0, "", ""
    with tempfile.TemporaryDirectory() as temporary:
        variables = {
            "HOME": os.environ["HOME"],
            "LANG": "C.UTF-8",
            "PATH": path,
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(action_file.parent),
            "RUNNER_TEMP": temporary,
            **(environment or {}),
        }
        for number, step in enumerate(action["runs"]["steps"]):
            if not expressions.value(step.get("if", "'yes'")):
                continue
            own = {name: expressions.text(value) for name, value in step.get("env", {}).items()}
            done, files = run_step(step, number, workspace, {**variables, **own}, Path(temporary))
            log += done.stdout
            summary += files["GITHUB_STEP_SUMMARY"]
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": pairs(files["GITHUB_OUTPUT"])}
            variables.update(pairs(files["GITHUB_ENV"]))
            for folder in files["GITHUB_PATH"].splitlines():
                variables["PATH"] = f"{folder}:{variables['PATH']}"
            code = done.returncode
            if code != 0:
                break
    outputs = {name: expressions.text(about["value"]) for name, about in action["outputs"].items()}
    return Outcome(code, log, summary, outputs)


def run_step(step, number, workspace, variables, temporary):
    if step["shell"] != "bash" or "${{" in step["run"]:
        raise ValueError(f"a step that is not run here, or takes a value into its script: {step}")
    files = {}
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "GITHUB_ENV"):
        files[name] = temporary / f"{name}-{number}"
        files[name].touch()
    script = temporary / f"step-{number}.sh"
    script.write_text(step["run"])
    # https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=workspace,
        env={**variables, **{name: str(file) for name, file in files.items()}},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done, {name: file.read_text() for name, file in files.items()}


def pairs(text):
    """`name=value` on each line; the form for values of many lines is not used."""
    return dict(line.split("=", 1) for line in text.splitlines())
