// Renders Markdown as Hugo does with `unsafe = true`. Reads [{generator, text}] and writes [html].
package main

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

func main() {
	var rows []struct{ Text string }
	if err := json.NewDecoder(os.Stdin).Decode(&rows); err != nil {
		panic(err)
	}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	pages := []string{}
	for _, row := range rows {
		var page bytes.Buffer
		if err := markdown.Convert([]byte(row.Text), &page); err != nil {
			panic(err)
		}
		pages = append(pages, page.String())
	}
	if err := json.NewEncoder(os.Stdout).Encode(pages); err != nil {
		panic(err)
	}
}
