//! What is content of a site is what its generator reads. The expected lists were compared with those of Hexo 8.1, Hugo
//! 0.150, Jekyll 4.3, Eleventy 3.1, VitePress 1.6, Docusaurus 3.10, Astro 5.18 and Zola 0.22.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "a test is no part of postmend")]

use postmend_core::Generator::{self, Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
use postmend_engine::site_layout::layout_of;
use std::fs;

/// A site: its generator, the files of its config, the files that are content, and those that are not.
type Site = (Generator, &'static [(&'static str, &'static str)], &'static str, &'static str);

const SITES: &[Site] = &[
    (
        Hexo,
        &[("_config.yml", "title: A\n")],
        "source/_posts/a.md source/_posts/b/c.md source/_drafts/d.md source/about/index.md source/old~/e.md",
        "README.md themes/x/README.md scaffolds/post.md source/_data/f.md source/_posts/_g.md source/h.md~ source/i.mdx source/zh/_posts/j.md",
    ),
    (
        Hexo,
        &[(
            "_config.yml",
            "source_dir: ./posts/\nskip_render: [demo/*, '*.html']\nexclude: ['_posts/a.md', b.md]\ninclude: _c.md\n",
        )],
        "posts/_posts/a.md posts/demo/deep/d.md posts/_c.md posts/e/f.html",
        "posts/demo/g.md posts/h.html posts/b.md source/_posts/i.md",
    ),
    (
        Hugo,
        &[("hugo.toml", "title = 'A'\n")],
        "content/a.md content/b/index.md content/_index.md",
        "README.md themes/x/content/c.md content/.d.md",
    ),
    (
        Hugo,
        &[
            ("config/_default/config.yaml", "contentDir: pages\n"),
            ("config/_default/languages.en.toml", "contentDir = 'en'\n"),
        ],
        "en/a.md",
        "pages/b.md content/c.md",
    ),
    (
        Hugo,
        &[(
            "hugo.toml",
            "[[module.mounts]]\nsource = 'docs'\ntarget = 'content/docs'\nexcludeFiles = ['drafts/**']\n[[module.mounts]]\nsource = 'README.md'\ntarget = 'content/about.md'\n",
        )],
        "docs/a.md README.md",
        "content/b.md docs/drafts/c.md OTHER.md",
    ),
    (
        Jekyll,
        &[(
            "_config.yml",
            "collections: [recipes]\nexclude: [docs/, 'food*']\ninclude: [_pages, _about.md]\ndestination: public\n",
        )],
        "_posts/a.md blog/_posts/b.md _drafts/c.md _recipes/d.md docs-x.md _pages/e.md sub/_about.md publicity.md",
        "_layouts/f.html docs/g.md food/h.md public/i.html sub/_recipes/j.md vendor/bundle/k.md _other/l.md",
    ),
    (
        Jekyll,
        &[(
            "_config.yml",
            "collections_dir: _all\ncollections: { recipes: { output: true } }\nexclude: [./a, '**/b.md', '{c,d}']\n",
        )],
        "_all/_posts/a.md _all/_recipes/a.md a/x.md b.md c/x.md",
        "_posts/b.md _recipes/b.md sub/b.md",
    ),
    (
        Docusaurus,
        &[(
            "docusaurus.config.js",
            "export default { presets: [['classic', { docs: { versions: { current: { path: 'next' } } }, blog: false }]] };",
        )],
        "docs/a.md docs/b.mdx docs/c.test.md src/pages/d.md versioned_docs/version-1.0/e.md i18n/fr/docusaurus-plugin-content-docs/current/f.md",
        "README.md blog/g.md docs/_h.md docs/_i/j.md docs/k.html docs/l.markdown",
    ),
    (
        Docusaurus,
        &[(
            "docusaurus.config.ts",
            "const config = { presets: [['@docusaurus/preset-classic', { docs: { exclude: ['drafts/**'] } }]],\n plugins: [['content-docs', { id: 'sdk', path: './sdk' }]], customFields: { blog: false } };",
        )],
        "docs/a.md docs/_b.md sdk/c.md blog/d.md versioned_docs/version-1.0/_e.md",
        "docs/drafts/f.md sdk/_g.md versioned_docs/version-1.0/drafts/h.md",
    ),
    (
        Docusaurus,
        &[(
            "docusaurus.config.js",
            "const docs = { path: 'guide' }; module.exports = { presets: [['classic', { docs }]] };",
        )],
        "guide/a.md docs/b.md README.md",
        "",
    ),
    (
        Eleventy,
        &[
            (
                "eleventy.config.js",
                "export default (c) => { c.ignores.add('src/drafts/**'); return { dir: { input: 'src', data: 'info' } }; };",
            ),
            (".eleventyignore", "src/old\n"),
        ],
        "src/a.md src/_layouts/b.html src/_c.md",
        "README.md src/_includes/d.html src/info/e.md src/drafts/f.md src/old/g.md src/h.markdown",
    ),
    (
        Eleventy,
        &[("package.json", "{\"scripts\": {\"build\": \"eleventy --input=posts\"}}")],
        "posts/a.md",
        "README.md _site/b.html",
    ),
    (
        VitePress,
        &[(
            "docs/.vitepress/config.mts",
            "export default { srcDir: './src', srcExclude: ['**/draft-*.md'] }",
        )],
        "docs/src/a.md docs/src/b/c.md",
        "README.md docs/d.md docs/src/draft-e.md docs/src/dist/f.md docs/src/g.html",
    ),
    (VitePress, &[(".vitepress/config.js", "export default { srcDir: 'src' }")], "src/a.md", "README.md"),
    (
        Astro,
        &[(
            "src/content.config.ts",
            "const blog = defineCollection({ loader: glob({ pattern: '**/*.md', base: './data/blog' }) });",
        )],
        "data/blog/a.md data/blog/_b.md src/pages/c.md src/pages/d.html",
        "README.md src/pages/_e.md src/layouts/f.md",
    ),
    (
        Astro,
        &[(
            "src/content.config.ts",
            "const blog = defineCollection({ loader: glob({ pattern: 'posts/**/*.md' }) });",
        )],
        "posts/a.md README.md",
        "",
    ),
    (
        Astro,
        &[("astro.config.mjs", "export default {}")],
        "src/content/blog/a.mdx src/pages/b.md",
        "src/content/_c/d.md README.md",
    ),
    (
        Zola,
        &[("config.toml", "base_url = '/'\nignored_content = ['*.draft.md', 'drafts/*']\n")],
        "content/a.md content/_index.md content/drafts/b.md",
        "README.md content/c.draft.md content/d.html",
    ),
];

#[test]
fn content_is_what_the_generator_reads() {
    for (generator, config, content, others) in SITES {
        let site = tempfile::tempdir().unwrap();
        let files = content.split_whitespace().chain(others.split_whitespace());
        for (path, text) in config.iter().copied().chain(files.map(|path| (path, "---\ntitle: A\n---\n"))) {
            let path = site.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let layout = layout_of(*generator, site.path());
        let is_content = |path: &str| layout.has(path, || true);
        for path in content.split_whitespace() {
            assert!(is_content(path), "{generator:?} reads {path}: {layout:?}");
        }
        for path in others.split_whitespace() {
            assert!(!is_content(path), "{generator:?} does not read {path}: {layout:?}");
        }
    }
}

#[test]
fn jekyll_copies_files_without_front_matter() {
    let site = tempfile::tempdir().unwrap();
    let layout = layout_of(Jekyll, site.path());
    assert!(
        layout.has("_posts/a.md", || false) && !layout.has("b.md", || false) && layout.has("b.md", || true)
    );
    fs::write(site.path().join("Gemfile"), "gem 'github-pages'\n").unwrap();
    assert!(layout_of(Jekyll, site.path()).has("b.md", || false));
}
