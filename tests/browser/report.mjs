// Looks at a page that `postmend check --report report.html` wrote, in a real browser: by typing and by
// keyboard alone, in light and in dark.
//
//     npm install --prefix /tmp/browser playwright-core
//     NODE_PATH=/tmp/browser/node_modules node tests/browser/report.mjs report.html [PICTURES]
//
// takes Chromium from /usr/bin/chromium, or from where CHROMIUM says, and leaves PICTURES-light.png and
// PICTURES-dark.png.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// Modules do not look where NODE_PATH says; `require` does.
const { chromium } = createRequire(import.meta.url)("playwright-core");

const STEP = 500;
const [report, pictures] = process.argv.slice(2);
assert(report, "name the report");
const address = pathToFileURL(resolve(report)).href;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

// A page that fails if it complains or asks for anything but itself.
async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => request.url() === address || faults.push(`asks for ${request.url()}`));
  await page.goto(address);
  const close = async () => {
    assert.deepEqual(faults, []);
    await context.close();
  };
  return { page, close };
}

const rows = (page) => page.locator("#rows tr").count();
const told = (page) => page.locator("#count").textContent();
const isTold = (page, start) =>
  page.waitForFunction((start) => document.getElementById("count").textContent.startsWith(start), start);

// What the page holds, read from the file's own bytes.
async function held() {
  const { readFile } = await import("node:fs/promises");
  const source = await readFile(report, "utf8");
  const data = source.split('id="data">')[1].split("</script>")[0];
  return JSON.parse(data).posts.flatMap(([path, found]) => found.map((row) => ({ path, level: row[0], rule: row[1], row })));
}

function matching(findings, words) {
  const text = ({ path, rule, row }) =>
    [`${path}:${row[2]}:${row[3]}`, rule, row[4], row[5], row[6] + row[7] + row[8], row[10]].join("\n").toLowerCase();
  return findings.filter((finding) => words.every((word) => text(finding).includes(word)));
}

async function byTyping(findings) {
  const { page, close } = await open();
  const all = findings.length;
  assert.equal(await rows(page), Math.min(STEP, all));
  assert((await told(page)).startsWith(`${all} of ${all} finding`));

  const word = findings[0].rule.split("-")[0];
  await page.fill("#words", `  ${word.toUpperCase()} md`);
  const wanted = matching(findings, [word, "md"]).length;
  await isTold(page, `${wanted} of ${all} `);
  assert.equal(await rows(page), Math.min(STEP, wanted));

  await page.fill("#words", "no post says xyzzy-plugh");
  await isTold(page, `0 of ${all} `);
  assert.equal(await rows(page), 0);

  await page.click("button[type=reset]");
  await isTold(page, `${all} of ${all} `);
  for (const rule of new Set(findings.map((finding) => finding.rule))) {
    await page.selectOption("#rule", rule);
    const count = findings.filter((finding) => finding.rule === rule).length;
    assert((await told(page)).startsWith(`${count} of ${all} `), rule);
    const option = await page.locator(`#rule option[value="${rule}"]`).textContent();
    assert.equal(option, `${rule} (${count})`);
  }
  await close();
}

async function byKeyboard(findings) {
  const { page, close } = await open();
  const all = findings.length;
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.type);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "words");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert(parseFloat(outline) >= 2, `focus is seen: ${outline}`);
  await page.keyboard.type("e");
  await isTold(page, `${matching(findings, ["e"]).length} of ${all} `);
  await page.keyboard.press("Enter");
  assert.equal(page.url(), address, "Enter sends nothing");
  await page.keyboard.press("Backspace");
  await isTold(page, `${all} of ${all} `);

  await page.keyboard.press("Tab");
  assert.equal(await focused(), "severity");
  await page.keyboard.press("ArrowDown");
  const level = await page.inputValue("#severity");
  const ofLevel = findings.filter((finding) => finding.level === level).length;
  await isTold(page, `${ofLevel} of ${all} `);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "rule");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "reset");
  await page.keyboard.press("Space");
  await isTold(page, `${all} of ${all} `);

  if (all > STEP) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "more");
    await page.keyboard.press("Enter");
    assert.equal(await rows(page), Math.min(2 * STEP, all));
    const place = await page.evaluate(() => [...document.getElementById("rows").children].indexOf(document.activeElement));
    assert.equal(place, STEP, "the first new row is read next");
  }
  await close();
}

// What a program can see of accessibility.
function basics() {
  const faults = [];
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.forEach((id, at) => ids.indexOf(id) < at && faults.push(`two of ${id}`));
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (![...field.labels].some((label) => label.textContent.trim())) faults.push(`no label: ${field.id}`);
  }
  for (const button of document.querySelectorAll("button:not([hidden])")) {
    if (!button.textContent.trim()) faults.push("a button says nothing");
  }
  for (const one of ["h1", "main", "header", "title"]) {
    const count = document.querySelectorAll(one).length;
    if (count !== 1) faults.push(`${count} of ${one}`);
  }
  if (document.documentElement.lang !== "en") faults.push("no language");
  for (const figure of document.querySelectorAll("figure")) {
    if (!figure.querySelector("figcaption h2")?.textContent) faults.push("a chart has no heading");
    if (!figure.querySelector("tbody th[scope=row]")) faults.push("a chart cannot be read");
  }
  const levels = [...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]));
  levels.forEach((level, at) => at > 0 && level > levels[at - 1] + 1 && faults.push("a heading is left out"));
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  return faults;
}

// Every text against what it stands on, by the formula of WCAG 2.
function contrasts() {
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = parse(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((parse(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faults = new Set();
  const compare = (element, front, back, least) => {
    const [a, b] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) faults.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const style = getComputedStyle(element);
    if (hasText && element.checkVisibility()) compare(element, style.color, behind(element), 4.5);
    if (element.matches("input, select, button")) compare(element, style.borderTopColor, behind(element.parentElement), 3);
    if (element.matches(".bar")) compare(element, style.backgroundColor, behind(element.parentElement), 3);
  }
  return [...faults];
}

async function looks(scheme) {
  const { page, close } = await open({ colorScheme: scheme });
  assert.deepEqual(await page.evaluate(basics), []);
  assert.deepEqual(await page.evaluate(contrasts), []);
  const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(back === "rgb(255, 255, 255)", scheme === "light", `${scheme}: ${back}`);
  if (pictures) await page.screenshot({ path: `${pictures}-${scheme}.png`, clip: { x: 0, y: 0, width: 1280, height: 2000 }, fullPage: true });
  await page.setViewportSize({ width: 360, height: 800 });
  assert.deepEqual(await page.evaluate(basics), []);
  if (pictures) await page.screenshot({ path: `${pictures}-${scheme}-narrow.png` });
  if (pictures) {
    await page.locator("#list").evaluate((list) => list.scrollIntoView());
    await page.screenshot({ path: `${pictures}-${scheme}-narrow-list.png` });
  }
  await close();
}

async function withoutScripts() {
  const { page, close } = await open({ javaScriptEnabled: false });
  assert(await page.locator("noscript p").isVisible());
  assert(!(await page.locator("#list").isVisible()));
  assert(await page.locator("figure").first().isVisible());
  await close();
}

try {
  const findings = await held();
  assert(findings.length > 0, "the report has findings");
  await byTyping(findings);
  await byKeyboard(findings);
  await looks("light");
  await looks("dark");
  await withoutScripts();
  console.log(`${report}: ${findings.length} findings, all well`);
} finally {
  await browser.close();
}
