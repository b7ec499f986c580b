"""Finds what would make a release unknown: what is not pinned, and what is not attested."""

import re

import yaml

RELEASE = ".github/workflows/release.yml"
COMPILER = re.compile(r"\d+\.\d+\.\d+")
COMMIT = re.compile(r"[.$]/\S+|[\w.-]+/[\w./-]+@[0-9a-f]{40}")
DIGEST = re.compile(r"[^\s@]+:[^\s@]+@sha256:[0-9a-f]{64}")
# What must stand nowhere in a workflow: what comes of it depends on the day.
LOOSE = {
    "the compiler of the day": re.compile(r"\brustup (self )?update\b|\b(stable|beta|nightly)\b"),
    "a tool of the day": re.compile(r"\bcargo install\b(?!.* --locked .*@\d)"),
}
PROVENANCE, SBOM = "actions/attest-build-provenance", "actions/attest-sbom"
ARCHIVES = r"(.*\n)?\*\.tar\.gz(\n.*)?"
# What the release attests: the action, and what it must be told.
PROOFS = {
    "where the archives come from": (PROVENANCE, {"subject-path": ARCHIVES}),
    "what the archives are built of": (SBOM, {"subject-path": ARCHIVES, "sbom-path": r"\S+\.cdx\.json"}),
    "where the image comes from": (PROVENANCE, {"subject-digest": r"\$\{\{ .+ \}\}", "push-to-registry": "True"}),
}
# What else the job that makes the release must have.
MADE_WITH = {
    "does not hand out the archives": r"gh release create .*\*\.tar\.gz",
    "does not hand out the list of what the archives are built of": r"gh release create .*\*\.cdx\.json",
    "does not tell how a file is proved": r"gh attestation verify FILE --repo postmend/postmend",
}
# What must be found, so that nothing above is blind: the file, what stands there, and what somebody may write.
SPOILT = {
    "an action by its tag": (".github/workflows/ci.yml", r"@[0-9a-f]{40} # v5\.0\.0", "@v5.0.0"),
    "a part of a commit": (RELEASE, r"(attest-sbom@[0-9a-f]{12})[0-9a-f]{28}", r"\1"),
    "an action in the action": ("action.yml", r"shell: bash\n", "uses: actions/cache@v4\n"),
    "a compiler image by its tag": ("Dockerfile", r"(FROM rust:\S+)@\S+", r"\1"),
    "a base image by its tag": ("Dockerfile", r"(FROM debian:\S+)@\S+", r"\1"),
    "a file of another image": ("Dockerfile", r"--from=build", "--from=busybox:latest"),
    "no provenance": (RELEASE, r"uses: actions/attest-build-provenance@.*", "run: echo"),
    "no provenance of the archives": (RELEASE, r"\*\.tar\.gz\n( +)postmend\.cdx", r"postmend.cdx"),
    "no provenance of the image": (RELEASE, r"push-to-registry: true", "push-to-registry: false"),
    "no SBOM": (RELEASE, r"uses: actions/attest-sbom@.*", "run: echo"),
    "an SBOM for nobody": (RELEASE, r" \*\.cdx\.json$", ""),
    "no word of proofs": (RELEASE, r"gh attestation verify FILE --repo postmend/postmend", "sha256sum FILE"),
    "a release before its proofs": (RELEASE, r"needs: attest", "needs: archives"),
    "a build that may sign": (RELEASE, r"(needs: gate\n +permissions:\n)( +)", r"\1\2id-token: write\n\2"),
    "all rights of a job": (RELEASE, r"permissions:\n +contents: write.*\n.*", "permissions: write-all"),
    "all rights": (RELEASE, r"^permissions: \{\}", "permissions: write-all"),
    "a compiler of the day": (".github/workflows/ci.yml", r'toolchain install "\$RUSTUP_TOOLCHAIN".*', "update"),
    "the stable compiler": (RELEASE, r"RUSTUP_TOOLCHAIN: \S+", "RUSTUP_TOOLCHAIN: stable"),
    "another compiler": (".github/workflows/ci.yml", r"RUSTUP_TOOLCHAIN: \S+", "RUSTUP_TOOLCHAIN: 1.0.0"),
    "whatever compiler is there": (RELEASE, r"run: rustup toolchain install .*", "run: echo"),
    "a tool of the day": (RELEASE, r"cargo-cyclonedx@\S+", "cargo-cyclonedx"),
}


def values(node, key=""):
    """All that stands in a document, as text, each with the key it stands under."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from values(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from values(value, key)
    else:
        yield key, str(node)


def faults(files):
    """What is wrong with the Dockerfile, the action and the workflows; `files` are their texts by their paths."""
    documents = {name: yaml.safe_load(text) for name, text in files.items() if name != "Dockerfile"}
    workflows = {name: document for name, document in documents.items() if "jobs" in document}
    for name, document in documents.items():
        for key, text in values(document):
            if key == "uses" and not COMMIT.fullmatch(text):
                yield f"{name} uses {text}, which is no commit"
            for what, pattern in LOOSE.items():
                if pattern.search(text):
                    yield f"{name} takes {what}: {text}"
    for name, workflow in workflows.items():
        if workflow.get("permissions") not in ({}, {"contents": "read"}):
            yield f"{name} gives rights to all of its jobs"
        for job, about in workflow["jobs"].items():
            yield from (f"{name}, {job}: {fault}" for fault in faults_of_job(about))
    yield from faults_of_images(files["Dockerfile"])
    compilers = set(re.findall(r"FROM \S*\brust:([\d.]+)", files["Dockerfile"]))
    for workflow in workflows.values():
        compilers |= {text for key, text in values(workflow) if key == "RUSTUP_TOOLCHAIN"}
    if len(compilers) != 1 or not all(map(COMPILER.fullmatch, compilers)):
        yield f"not one compiler, told to the patch: {sorted(compilers)}"
    yield from (f"{RELEASE} {fault}" for fault in faults_of_release(workflows[RELEASE]["jobs"]))


def faults_of_job(about):
    rights, installed = about.get("permissions", {}), False
    if isinstance(rights, str):
        yield f"has rights that are not told one by one: {rights}"
        return
    signs = any(step.get("uses", "").startswith("actions/attest") for step in about.get("steps", []))
    if signs != ("id-token" in rights) or signs != (rights.get("attestations") == "write"):
        yield "may sign and does not, or the other way round"
    for step in about.get("steps", []):
        script = step.get("run", "")
        installed = installed or 'rustup toolchain install "$RUSTUP_TOOLCHAIN"' in script
        if re.search(r"\bcargo\b|\.ci/run", script) and (signs or not installed):
            yield f"builds with a compiler that is not pinned, or beside a key: {script}"


def faults_of_images(dockerfile):
    stages = re.findall(r"(?mi)^FROM .* AS (\S+)", dockerfile)
    taken = re.findall(r"(?mi)^FROM (?:--\S+ )*(\S+)|--(?:mount=\S*)?from=([^\s,]+)", dockerfile)
    for image in ("".join(found) for found in taken):
        if image not in stages and not DIGEST.fullmatch(image):
            yield f"Dockerfile takes {image}, which has no digest"


def faults_of_release(jobs):
    signers = {}
    for what, (action, told) in PROOFS.items():
        signers[what] = {job for job in jobs if any(does(step, action, told) for step in jobs[job].get("steps", []))}
        if not signers[what]:
            yield f"does not attest {what}"
    for about in jobs.values():
        texts = "\n".join(text for _, text in values(about))
        if "gh release create" in texts:
            yield from (fault for fault, pattern in MADE_WITH.items() if not re.search(pattern, texts))
            needs = about.get("needs", [])
            if not set([needs] if isinstance(needs, str) else needs) & signers["where the archives come from"]:
                yield "makes the release before its proofs"


def does(step, action, told):
    inputs = {key: str(value).strip() for key, value in step.get("with", {}).items()}
    is_it = step.get("uses", "").startswith(f"{action}@")
    return is_it and all(re.fullmatch(pattern, inputs.get(key, "")) for key, pattern in told.items())
