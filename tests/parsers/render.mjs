// Renders Markdown as the generators do that are written in JavaScript. Reads [{generator, text}] and writes [html].
import MarkdownIt from "markdown-it";
import container from "markdown-it-container";
import { marked } from "marked";
import { evaluate } from "@mdx-js/mdx";
import remarkGfm from "remark-gfm";
import * as runtime from "react/jsx-runtime";
import { renderToStaticMarkup } from "react-dom/server";
import { createElement } from "react";
import { unified } from "unified";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import rehypeRaw from "rehype-raw";
import rehypeStringify from "rehype-stringify";

const eleventy = new MarkdownIt({ html: true }).disable("code");
const vitepress = new MarkdownIt({ html: true, linkify: true }).use(container, "tip");

const renderers = {
  hexo: (text) => marked.parse(text, { gfm: true, breaks: true }),
  eleventy: (text) => eleventy.render(text),
  vitepress: (text) => vitepress.render(text),
  async docusaurus(text) {
    const source = text.replace(/^import .*$/m, "");
    const { default: Content } = await evaluate(source, { ...runtime, remarkPlugins: [remarkGfm] });
    return renderToStaticMarkup(createElement(Content));
  },
  async astro(text) {
    const processor = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { allowDangerousHtml: true });
    return String(await processor.use(rehypeRaw).use(rehypeStringify).process(text));
  },
};

let input = "";
for await (const part of process.stdin) input += part;
const pages = [];
for (const { generator, text } of JSON.parse(input)) pages.push(await renderers[generator](text));
console.log(JSON.stringify(pages));
