"""Does what GitHub does with reviews of a pull request: keeps them, and refuses comments beside its lines."""

import contextlib
import http.server
import json
import re
import subprocess
import threading
from urllib.parse import parse_qs, urlsplit


def changed_lines(repository, base, head):
    """The lines of each file that a pull request shows, and a comment may stand at."""
    diff = git(repository, "-c", "core.quotePath=false", "diff", "--unified=3", f"{base}...{head}")
    lines, file = {}, None
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file = line[6:].rstrip("\t")
        hunk = re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)
        if hunk:
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines.setdefault(file, set()).update(range(first, first + count))
    return lines


def git(repository, *arguments):
    done = subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout


class Pull(http.server.ThreadingHTTPServer):
    """A pull request, number 7 of the repository a/blog."""

    def __init__(self, repository, base, head, token):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repository, self.head, self.token = repository, head, token
        self.lines = changed_lines(repository, base, head)
        # As if somebody had said much before: the first page is full.
        self.comments = [{"body": "a word"} for _ in range(100)]
        self.calls, self.reviews, self.refused = [], [], []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def taken(self, path):
        """The file of the head with all suggestions taken."""
        lines = git(self.repository, "show", f"{self.head}:{path}").split("\n")
        for review in self.reviews:
            for comment in review["comments"]:
                if comment["path"] == path:
                    block = re.search(r"^(`{3,})suggestion\n(.*?)\n\1$", comment["body"], re.MULTILINE | re.DOTALL)
                    lines[comment["line"] - 1] = block[2]
        return "\n".join(lines)


class Handler(http.server.BaseHTTPRequestHandler):
    """The two addresses of the API that matter here."""

    def answer(self, code, body):
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        pull, asked = self.server, urlsplit(self.path)
        pull.calls.append(self.path)
        if asked.path != "/repos/a/blog/pulls/7/comments":
            return self.answer(404, {})
        page, size = (int(parse_qs(asked.query)[name][0]) for name in ("page", "per_page"))
        return self.answer(200, pull.comments[(page - 1) * size : page * size])

    def do_POST(self):
        pull = self.server
        pull.calls.append(self.path)
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {pull.token}":
            return self.answer(403, {"message": "Resource not accessible by integration"})
        wrong = [one for one in review["comments"] if one["line"] not in pull.lines.get(one["path"], ())]
        if self.path != "/repos/a/blog/pulls/7/reviews" or review["commit_id"] != pull.head or wrong:
            pull.refused.append((self.path, wrong))
            return self.answer(422, {"message": "Unprocessable Entity"})
        pull.reviews.append(review)
        pull.comments += review["comments"]
        return self.answer(200, {"id": len(pull.reviews)})

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def server(repository, base, head, token):
    with Pull(repository, base, head, token) as pull:
        threading.Thread(target=pull.serve_forever, daemon=True).start()
        yield pull
        pull.shutdown()
