# Renders Markdown as Jekyll does. Reads [{generator, text}] and writes [html].
require "json"
require "kramdown"
require "kramdown-parser-gfm"
pages = JSON.parse($stdin.read).map do |row|
  Kramdown::Document.new(row["text"], input: "GFM", hard_wrap: false).to_html
end
puts JSON.generate(pages)
