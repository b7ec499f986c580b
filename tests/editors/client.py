"""Drives `postmend lsp` as an editor would, over pygls: client.py POSTMEND"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 30


class Editor:
    """An editor with one folder open, whose columns count halves of UTF-16 or bytes."""

    def __init__(self, postmend, folder, encodings):
        self.postmend, self.folder, self.encodings = postmend, folder, encodings
        self.texts, self.versions = {}, {}
        self.diagnostics = asyncio.Queue()
        self.messages = asyncio.Queue()
        self.registered = asyncio.Queue()
        self.client = LanguageClient("an editor", "1")

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.diagnostics.put_nowait(params)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params):
            self.messages.put_nowait(params.message)

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def _(params):
            for registration in params.registrations:
                self.registered.put_nowait(registration)

    async def start(self):
        await self.client.start_io(self.postmend, "lsp", "--stdio")
        edits = types.WorkspaceEditClientCapabilities(document_changes=True)
        watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        resolve = types.ClientCodeActionResolveOptions(properties=["edit"])
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=self.encodings),
            workspace=types.WorkspaceClientCapabilities(workspace_edit=edits, did_change_watched_files=watched),
            text_document=types.TextDocumentClientCapabilities(
                code_action=types.CodeActionClientCapabilities(data_support=True, resolve_support=resolve),
                publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True),
            ),
        )
        answer = await self.client.initialize_async(
            types.InitializeParams(capabilities=capabilities, root_uri=self.folder.as_uri())
        )
        self.encoding = answer.capabilities.position_encoding
        self.client.initialized(types.InitializedParams())

    async def told(self, queue):
        return await asyncio.wait_for(queue.get(), PATIENCE)

    async def found(self, uri):
        """What was found, as (rule, the text that is marked)."""
        self.last = params = await self.told(self.diagnostics)
        assert params.uri == uri and params.version == self.versions.get(uri), params
        return [(one.code, self.marked(uri, one.range)) for one in params.diagnostics]

    async def open(self, uri, text, language="markdown"):
        self.texts[uri], self.versions[uri] = text, 1
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return await self.found(uri)

    def tell_changes(self, uri, changes):
        """Replaces text by text, each as a change of its own."""
        events = []
        for old, new in changes:
            text = self.texts[uri]
            at = text.index(old)
            span = types.Range(start=self.position(text, at), end=self.position(text, at + len(old)))
            events.append(types.TextDocumentContentChangePartial(range=span, text=new))
            self.texts[uri] = text[:at] + new + text[at + len(old) :]
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=events)
        )

    async def change(self, uri, *changes):
        self.tell_changes(uri, changes)
        return await self.found(uri)

    async def actions(self, uri, marked, only=None):
        text = self.texts[uri]
        at = text.index(marked)
        span = types.Range(start=self.position(text, at), end=self.position(text, at + len(marked)))
        answer = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                text_document=types.TextDocumentIdentifier(uri=uri),
                range=span,
                context=types.CodeActionContext(diagnostics=[], only=only),
            )
        )
        return {action.title: action for action in answer}

    async def applied(self, uri, action):
        """The text after an action."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        [document] = action.edit.document_changes
        assert document.text_document.uri == uri and document.text_document.version == self.versions[uri]
        text = self.texts[uri]
        edits = [(self.index(text, e.range.start), self.index(text, e.range.end), e.new_text) for e in document.edits]
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    async def hover(self, uri, marked):
        at = self.position(self.texts[uri], self.texts[uri].index(marked) + 1)
        document = types.TextDocumentIdentifier(uri=uri)
        answer = await self.client.text_document_hover_async(types.HoverParams(text_document=document, position=at))
        return answer and (answer.contents.value, self.marked(uri, answer.range))

    def files_changed(self, *paths):
        events = [types.FileEvent(uri=path.as_uri(), type=types.FileChangeType.Changed) for path in paths]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=events))

    async def stop(self):
        assert await self.client.shutdown_async(None) is None
        self.client.exit(None)
        await asyncio.wait_for(self.client._server.wait(), PATIENCE)
        assert self.client._server.returncode == 0, self.client._server.returncode

    def length(self, text):
        return len(text.encode()) if self.encoding == "utf-8" else len(text.encode("utf-16-le")) // 2

    def position(self, text, at):
        before = text[:at].split("\n")
        return types.Position(line=len(before) - 1, character=self.length(before[-1]))

    def index(self, text, position):
        start = sum(len(line) + 1 for line in text.split("\n")[: position.line])
        line = text[start:].split("\n")[0]
        length = next(n for n in range(len(line) + 1) if self.length(line[:n]) == position.character)
        return start + length

    def marked(self, uri, span):
        text = self.texts[uri]
        return text[self.index(text, span.start) : self.index(text, span.end)]


POST = """---
title: '港区 😀'
cover: 'https://cors.zfour.workers.dev/?http://static.example.com/a.jpeg'
date: Mon, 07 Feb 2022 15:06:26 GMT
---

😀😀 港区 They recieve it, 😀 and Febuary.

| 港 | b |
|---|---|
| 😀 | recieve |

<p>𠀀 <img src="https://cors.zfour.workers.dev/?http://static.example.com/b.jpeg"></p>
"""


def postmend(binary, folder, *arguments):
    return subprocess.run([binary, *arguments], cwd=folder, capture_output=True, text=True)


def equal(left, right):
    assert left == right, f"\n{left!r}\nis not\n{right!r}"


async def positions_and_changes(editor, uri):
    found = await editor.open(uri, POST)
    cover = "https://cors.zfour.workers.dev/?http://static.example.com/a.jpeg"
    image = cover.replace("a.jpeg", "b.jpeg")
    tag = f'<img src="{image}">'
    expected = [
        ("proxied-url", cover),
        ("malformed-date", "Mon, 07 Feb 2022 15:06:26 GMT"),
        ("misspelling", "recieve"),
        ("misspelling", "Febuary"),
        ("misspelling", "recieve"),
        ("missing-alt", tag),
        ("proxied-url", image),
    ]
    equal(found, expected)
    # Several changes at once, of which each is about the text after the one before.
    found = await editor.change(uri, ("😀😀", "😀"), ("recieve it, 😀", "receive it 港😀"), ("\n\n|", "\r\n\r\n|"))
    equal(found, [one for n, one in enumerate(expected) if n != 2])
    # Of queued changes only the last text is checked, or all; the last one counts.
    for number in range(30):
        editor.tell_changes(uri, [("Febuary", f"Febuary{number}")])
        editor.tell_changes(uri, [(f"Febuary{number}", "Febuary")])
    while (told := await editor.told(editor.diagnostics)).version != editor.versions[uri]:
        assert told.version <= editor.versions[uri]
    equal([one.code for one in told.diagnostics], [rule for n, (rule, _) in enumerate(expected) if n != 2])
    editor.client.text_document_did_close(
        types.DidCloseTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=uri))
    )
    del editor.versions[uri]
    equal(await editor.found(uri), [])


async def fixes(editor, binary, uri, path):
    await editor.open(uri, POST)
    actions = await editor.actions(uri, "Febuary")
    equal(actions['write "February"'].is_preferred, True)
    equal(await editor.applied(uri, actions['write "February"']), POST.replace("Febuary", "February"))
    # All of it, as `fix` does it.
    kinds = [types.CodeActionKind.SourceFixAll]
    [action] = (await editor.actions(uri, POST, kinds)).values()
    equal(action.kind, "source.fixAll.postmend")
    mended = await editor.applied(uri, action)
    path.write_text(POST)
    postmend(binary, path.parent, "fix", path.name)
    equal(mended, path.read_text())
    assert mended != POST
    # What somebody has to decide is shown, and not preferred.
    config = path.parent.parent / "postmend.toml"
    config.write_text('select = ["default", "inconsistent-wording"]\n')
    editor.files_changed(config)
    await editor.found(uri)
    odd = "项目实工"
    await editor.change(uri, ("<p>𠀀", f"<p>一期有三所学校项目施工，二期公园项目施工，三期道路工程{odd}。"))
    manual = (await editor.actions(uri, odd))['write "项目施工"']
    equal(manual.is_preferred, None)
    assert manual.diagnostics[0].related_information, "evidence is shown"
    # An edit is for one text; a later one is refused.
    stale = await editor.actions(uri, POST[:3], kinds)
    await editor.change(uri, (odd, "𠀀"))
    try:
        await editor.client.code_action_resolve_async(stale.popitem()[1])
        raise AssertionError("an edit of another text was made")
    except Exception as error:
        assert "the post has changed" in str(error), error
    config.unlink()
    editor.files_changed(config)
    await editor.found(uri)


async def suppressions(editor, binary, uri, path):
    """Each comment that is offered switches off what it says, by the word of `check`."""
    rules = [("Febuary", "misspelling"), ("| recieve", "misspelling"), ("<img", "missing-alt"), ("Mon,", "malformed-date")]
    for marked, rule in rules:
        for reach in ["for this line", "in this post"]:
            editor.texts[uri] = POST
            await editor.open(uri, POST)
            actions = await editor.actions(uri, marked)
            after = await editor.applied(uri, actions[f"disable {rule} {reach}"])
            path.write_text(POST)
            before = postmend(binary, path.parent, "check", path.name, "-q", "--format", "concise").stdout
            path.write_text(after)
            told = postmend(binary, path.parent, "check", path.name, "-q", "--format", "concise").stdout
            names = lambda report: re.findall(r": (?:error|warning|info) ([a-z-]+):", report)
            left = names(before)
            if reach == "in this post":
                left = [name for name in left if name != rule]
            elif marked == "Febuary":
                # Both words of the line.
                left.remove(rule), left.remove(rule)
            else:
                left.remove(rule)
            equal(names(told), left)
            changed = await editor.change(uri, (POST, after))
            equal(changed, await editor.open(uri, after))


async def hovers(editor, uri):
    await editor.open(uri, POST)
    page, marked = await editor.hover(uri, "Febuary")
    equal(marked, "Febuary")
    assert '"Febuary" should be "February"' in page and "# misspelling" in page and "## Bad" not in page, page
    equal(await editor.hover(uri, "港区 😀"), None)


async def configs(editor, uri, folder):
    registration = await editor.told(editor.registered)
    equal(registration.method, "workspace/didChangeWatchedFiles")
    text = "Febuary and recieve\n"
    equal(len(await editor.open(uri, text)), 2)
    config = folder / "postmend.toml"
    config.write_text('[words]\nallow = ["Febuary"]\n')
    editor.files_changed(config)
    equal(await editor.found(uri), [("misspelling", "recieve")])
    config.write_text('[words]\nallow = ["Febuary"\n')
    editor.files_changed(config)
    assert "postmend.toml" in await editor.told(editor.messages)
    # The last good config stays in force.
    equal(await editor.change(uri, ("recieve", "recieve,")), [("misspelling", "recieve")])
    config.write_text('exclude = ["posts/"]\n')
    editor.files_changed(config)
    equal(await editor.found(uri), [])
    config.unlink()
    (folder / "hugo.toml").write_text("")
    editor.files_changed(config, folder / "hugo.toml")
    equal(len(await editor.found(uri)), 2)
    (folder / "hugo.toml").unlink()
    editor.files_changed(folder / "hugo.toml")
    await editor.found(uri)


async def other_documents(editor, folder):
    equal(await editor.open("untitled:Untitled-1", "Febuary\n"), [("misspelling", "Febuary")])
    mdx = (folder / "posts" / "b.mdx").as_uri()
    equal(await editor.open(mdx, "a\n\nFebuary {1}\n", "mdx"), [("misspelling", "Febuary")])
    actions = await editor.actions(mdx, "Febuary")
    after = await editor.applied(mdx, actions["disable misspelling for this line"])
    equal(after, "a\n\n{/* postmend-disable-next-line misspelling */}\nFebuary {1}\n")
    comment = "<!-- postmend-disable-line missing-alt -->"
    await editor.open("untitled:Untitled-2", f"a\n{comment}\n")
    equal(list(editor.last.diagnostics[0].tags), [types.DiagnosticTag.Unnecessary])
    equal(editor.last.diagnostics[0].severity, types.DiagnosticSeverity.Information)
    equal(editor.last.diagnostics[0].source, "postmend")
    assert editor.last.diagnostics[0].code_description.href.endswith("/docs/rules/unused-suppression.md")
    # No post, and so nothing is told of it: the next diagnostics are another document's.
    rust = types.TextDocumentItem(uri=(folder / "a.rs").as_uri(), language_id="rust", version=1, text="Febuary")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=rust))
    html = (folder / "posts" / "c.html").as_uri()
    equal(await editor.open(html, "<p>Febuary</p>\n", "html"), [("misspelling", "Febuary")])


async def main(binary):
    for encodings, expected in [(None, "utf-16"), (["utf-32", "utf-16"], "utf-16"), (["utf-16", "utf-8"], "utf-8")]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve()
            (folder / "posts").mkdir()
            path = folder / "posts" / "港 a.md"
            uri = path.as_uri()
            editor = Editor(binary, folder, encodings)
            await editor.start()
            equal(editor.encoding, expected)
            await configs(editor, uri, folder)
            await positions_and_changes(editor, uri)
            await fixes(editor, binary, uri, path)
            await suppressions(editor, binary, uri, path)
            await hovers(editor, uri)
            await other_documents(editor, folder)
            await editor.stop()
            print(f"all as it should be in {expected}")


asyncio.run(main(sys.argv[1]))
