//! Compares our HTML tokens with lol_html's and html5gum's, and our tree with scraper's.

use html5gum::emitters::default::{DefaultEmitter, Token as Foreign};
use lol_html::{HtmlRewriter, Settings, element};
use postmend_core::Span;
use postmend_core::html::tree::{Tree, selector};
use postmend_core::html::{Quote, Token, Tokens, tokenize};
use scraper::Html;
use std::cell::RefCell;

/// Sources that tokenizers get wrong.
const NASTY: &[&str] = &[
    "",
    "a < b && c > d <3 <- </3> <>x</>y</ z>w",
    "<",
    "</",
    "</x",
    "<x",
    "<x ",
    "<x y",
    "<x y=",
    "<x y='",
    "<x y=\"z>more <b>text</b>",
    "text <b>bold</b> <i unclosed='x' and more",
    "<a/b=c>",
    "<a/ b/c/ d / e/>",
    "<a b=c/>",
    "<a b= />",
    "<a b=>",
    "<a b=\"/\">",
    "<p<b>",
    "<p <b>",
    "<p =\"x\">",
    "<p ==x>",
    "<p = = x>",
    "<p x=\"1\"y='2'z=3\"4>",
    "<p x='a>b' y=\"c'd\" z=`e`>",
    "<p x X=1 x=2>",
    "<p\n\tx\r\n=\x0C'1\r\n2'\n>",
    "<IMG SRC=a.png ALT>",
    "<img alt=\"\" src=''/><br/ ><br / />",
    "<中 文=\"字\" é=ü>—</中>",
    "<x-y:z data-a.b=1 @click='f' :is=\"g\" #ref [p]=q (e)='r'>",
    "</p class=x/></p/>",
    "<!---->a<!-->b<!--->c<!--x--!>d<!--x-->e<!-- -- -->f<!--x--->g<!----!>h",
    "<!-- <!-- --> -->",
    "a<!--",
    "a<!---",
    "a<!----",
    "a<!--x-",
    "a<!--x--",
    "a<!--x--!",
    "a<!--x--!-",
    "<!doctype html><!DOCTYPE x PUBLIC \"a>b\"><?xml version='1'?><!x><!><?>",
    "<![CDATA[x>y]]>z",
    "<script>if (a<b) '</scr' + '</script >';</script>x",
    "<script><!-- <script> </script> --> </script>x</script>y",
    "<script><!-- <script></script></script>x",
    "<script><!--><script></script>x",
    "<script><!---<script></script></script>",
    "<script><!-- <scripty> </script>x",
    "<script>--><!-</script>x",
    "<script><!--",
    "<SCRIPT></ScRiPt\n x='1'>y",
    "<style>a>b{content:'</b>'}</style><b>",
    "<title>a &amp; <b></title><textarea>\n<p></textareas></textarea/>",
    "<title>x",
    "<title>x</title",
    "<title>x</title a='",
    "<plaintext><b></plaintext>",
    "<xmp><b></xmp><iframe><b></iframe><noembed><b></noembed>",
    "&amp;&amp&copy;&copycat;&notit;&#0;&#x80;&#xD800;&#99999999;&nope;&",
    "<a href='?a&copy=1&copy&amp;b&lt' title=&quot;>",
    "<pre>\n\nx</pre><pre>\r\nx</pre><pre>&#10;x</pre>",
    "a\r\nb\rc\r",
    "a\0b<p\0 x\0='\0'>\0<!--\0--><title>\0</title><style>\0</style>",
    "\u{FEFF}<p>x",
    "<b>1<p>2</b>3</p>4",
    "<p><b><b><b><b><b>1<p>2",
    "<a href=1><a href=2><div><a href=3>x</div>",
    "<table><tr><td>x<b>y</table>z<table>w<img><tr></table>",
    "<font color=1><p><font color=2>a</font><p>b",
    "<nobr>a<nobr>b<code><p></code>c",
    "<p><image src=x><hr></p></br></p>",
    "<div><body class=x><html lang=y><html lang=z><head><title>t</title></head>",
    "<template><td>x</td><img></template>",
];

/// Sources where only the tree knows what is raw.
const FOREIGN: &[&str] = &[
    "<svg><![CDATA[x",
    "<svg><![CDATA[x<b>&amp;]]y]]]>z</svg><![CDATA[w]]>",
    "<svg><title><b>x</b></title><script>a<b></script><style><p></svg>x",
    "<svg><title><img></svg><title><img></title>",
    "<math><mi><p>x</math><annotation-xml encoding='text/html'><p></math>",
    "<math><annotation-xml encoding='text/html'><style><b></style></math>",
    "<svg><foreignObject><p><svg viewbox=1 definitionurl=2 xlink:href=3></p>",
    "<svg/><svg><a/><font color=x>y",
    "<select><option><img><option></select><select><textarea></select></textarea>",
    "<noscript><img src=1></noscript><noframes><b></noframes>",
    "<svg>a\0b\r\n<![CDATA[c\0d]]></svg>",
    "<svg><plaintext><b></svg>x",
    "<frameset><frame></frameset><noframes>x",
];

/// What random sources are made of.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "=",
    "\"",
    "'",
    " ",
    "\n",
    "\r",
    "\t",
    "-",
    "--",
    "!",
    "<!",
    "<!--",
    "-->",
    "--!>",
    "?",
    "<?",
    "</",
    "<p",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<b id=1>",
    "<i>",
    "</i>",
    "<a href=",
    "<a>",
    "</a>",
    "<div>",
    "</div>",
    "<img src=\"x\"",
    " alt",
    " alt=''",
    "x",
    "y=1",
    "é",
    "中",
    "&amp;",
    "&",
    "&lt",
    ";",
    "&#0;",
    "[",
    "]",
    "]]>",
    "<script>",
    "</script>",
    "<script",
    "</script",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<!doctype html>",
    "<br/>",
    "<pre>",
    "<li>",
    "<h1>",
    "</h1>",
    "<button>",
    "<form>",
    "</form>",
    "\0",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<caption>",
    "<col>",
    "<tbody>",
    "<font color=1>",
    "</font>",
    "<nobr>",
    "<code>",
    "</code>",
];

/// More of that, which changes what is raw.
const FOREIGN_PIECES: &[&str] = &[
    "<plaintext>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mi>",
    "</math>",
    "<foreignObject>",
    "<![CDATA[",
    "<select>",
    "<option>",
    "</select>",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<html lang=x>",
    "<body>",
    "<head>",
    "<frameset>",
    "<noframes>",
    "<iframe>",
    "<xmp>",
    "</xmp>",
    "<image>",
    "<applet>",
    "</applet>",
    "<ruby>",
    "<rt>",
    "<dd>",
    "<dt>",
    "<hr>",
    "<input type=hidden>",
    "<desc>",
    "<annotation-xml>",
];

/// An opening tag and its attributes.
type Start = (Span, Vec<(Span, Option<Span>)>);

/// What is left of a source without attributes.
#[derive(Debug, PartialEq, Default)]
struct WithoutAttributes {
    text: String,
    comments: Vec<Span>,
    tags: Vec<(Span, String, bool)>,
}

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokenize(text, 0, &mut tokens);
    tokens
}

fn our_starts(tokens: &Tokens) -> Vec<Start> {
    let tags = tokens.list.iter().filter_map(|token| match token {
        Token::Tag(tag) if !tag.closing => Some(tag),
        _ => None,
    });
    tags.map(|tag| {
        let attributes = tokens.attributes_of(tag).iter().map(|attribute| {
            // lol_html tells `alt=` from `alt=""`.
            let missing = |value: &Span| value.is_empty() && attribute.quote == Quote::None;
            (attribute.name, attribute.value.filter(|value| !missing(value)))
        });
        (tag.span, attributes.collect())
    })
    .collect()
}

fn lol_html_starts(text: &str) -> Vec<Start> {
    let starts = RefCell::new(Vec::new());
    let settings =
        Settings::new().with_strict(false).append_element_content_handler(element!("*", |element| {
            let attributes = element.attributes().iter().map(|attribute| {
                let name = attribute.name_source_location().expect("nothing was rewritten").bytes();
                (Span::from(name), attribute.value_source_location().map(|value| Span::from(value.bytes())))
            });
            starts.borrow_mut().push((element.source_location().bytes().into(), attributes.collect()));
            Ok(())
        }));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(text.as_bytes()).expect("it is not strict");
    rewriter.end().expect("it is not strict");
    starts.into_inner()
}

fn our_outline(text: &str, tokens: &Tokens) -> WithoutAttributes {
    let mut outline = WithoutAttributes::default();
    let mut has_references = true;
    for token in &tokens.list {
        match token {
            Token::Tag(tag) => {
                has_references = tag.is(text, "title") || tag.is(text, "textarea");
                outline.tags.push((
                    tag.span,
                    tag.name.of(text).to_ascii_lowercase().replace('\0', "\u{FFFD}"),
                    tag.closing,
                ));
            }
            Token::Text(span) => {
                outline.text += &htmlize::unescape(line_feeds(without_unclosed(span.of(text))))
            }
            Token::Raw(span) if has_references => {
                outline.text += &htmlize::unescape(line_feeds(span.of(text)))
            }
            Token::Raw(span) => outline.text += &line_feeds(span.of(text)),
            Token::Comment(span) => outline.comments.push(*span),
            Token::Declaration(span) if is_comment(span.of(text)) => outline.comments.push(*span),
            Token::Declaration(_) => {}
        }
    }
    outline.text = outline.text.replace('\0', "\u{FFFD}");
    outline
}

/// Whether a declaration is a comment to others.
fn is_comment(source: &str) -> bool {
    source != "</>" && !source.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
}

fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Text before the tag that nothing closes, which others drop.
fn without_unclosed(text: &str) -> &str {
    let is_tag = |at: &usize| {
        let rest = &text[at + 1..];
        rest.strip_prefix('/').unwrap_or(rest).starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let unclosed = text.match_indices('<').map(|(at, _)| at).find(is_tag);
    &text[..unclosed.unwrap_or(text.len())]
}

fn html5gum_outline(text: &str) -> WithoutAttributes {
    let mut outline = WithoutAttributes::default();
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for token in html5gum::Tokenizer::new_with_emitter(text, emitter).flatten() {
        match token {
            Foreign::StartTag(tag) => {
                outline.tags.push((Span::new(tag.span.start, tag.span.end), string(&tag.name), false));
            }
            Foreign::EndTag(tag) => {
                outline.tags.push((Span::new(tag.span.start, tag.span.end), string(&tag.name), true));
            }
            Foreign::String(part) => outline.text += &string(&part),
            Foreign::Comment(comment) => {
                outline.comments.push(Span::new(comment.span.start, comment.span.end))
            }
            Foreign::Doctype(_) | Foreign::Error(_) => {}
        }
    }
    outline.text = outline.text.replace('\0', "\u{FFFD}");
    outline
}

/// What holds of the tokens of any text.
fn check_shape(text: &str) {
    let tokens = tokens(text);
    let mut end = 0;
    for pair in tokens.list.windows(2) {
        assert!(!matches!(pair, [Token::Text(_), Token::Text(_)]), "{text:?}");
    }
    for token in &tokens.list {
        let span = token.span();
        assert_eq!(span.start, end, "{text:?}");
        assert!(!span.is_empty() && text.is_char_boundary(span.end as usize), "{text:?}");
        end = span.end;
        let Token::Tag(tag) = token else { continue };
        let mut from = tag.name.end;
        for attribute in tokens.attributes_of(tag) {
            assert!(from <= attribute.span.start && tag.span.contains(attribute.span), "{text:?}");
            assert!(attribute.value.is_none_or(|value| attribute.span.contains(value)), "{text:?}");
            assert_eq!(attribute.span.start, attribute.name.start, "{text:?}");
            from = attribute.span.end;
        }
    }
    assert_eq!(end as usize, text.len(), "{text:?}");
}

/// Compares tokens with what others find, in sources whose raw content is plain to see.
fn check_tokens(text: &str) {
    let tokens = tokens(text);
    assert_eq!(our_starts(&tokens), lol_html_starts(text), "{text:?}");
    assert_eq!(our_outline(text, &tokens), html5gum_outline(text), "{text:?}");
}

/// Compares the tree with scraper's. That one reads `noscript` as a browser with scripts does.
fn check_tree(text: &str) {
    let tree = Tree::parse(text, 7);
    let theirs = Html::parse_fragment(text);
    if !text.to_ascii_lowercase().contains("<noscript") {
        assert_eq!(tree.html(), theirs.html(), "{text:?}");
    }
    for name in ["img", "hr", "td", "li", "svg", "title", "foreignObject"] {
        let selector = selector(name).expect("a name is a selector");
        let spans: Vec<Span> = tree.select(&selector).collect();
        for span in &spans {
            let tag = &text[span.start as usize - 7..span.end as usize - 7];
            let written = &tag[1..3];
            assert!(tag.ends_with('>') && written.eq_ignore_ascii_case(&name[..2]), "{tag:?} {text:?}");
        }
        if !text.contains("noscript") {
            assert_eq!(spans.len(), theirs.select(&selector).count(), "{name} {text:?}");
        }
    }
}

/// Sources put together from pieces, the same in every run.
fn random_sources(seed: u64, count: usize, pieces: &[&[&str]]) -> impl Iterator<Item = String> {
    let pieces = pieces.concat();
    let mut state = seed;
    let mut below = move |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    (0..count).map(move |_| (0..=below(24)).map(|_| pieces[below(pieces.len())]).collect())
}

#[test]
fn nasty_sources() {
    for text in NASTY {
        check_shape(text);
        check_tokens(text);
        check_tree(text);
    }
    for text in FOREIGN {
        check_shape(text);
        check_tree(text);
    }
}

#[test]
fn random_tokens() {
    for text in random_sources(1, 4000, &[PIECES]) {
        check_shape(&text);
        check_tokens(&text);
    }
}

#[test]
fn random_trees() {
    for text in random_sources(2, 4000, &[PIECES, FOREIGN_PIECES]) {
        check_shape(&text);
        check_tree(&text);
    }
}

/// Sources that take forever if an unclosed construct is looked through again at each occurrence, or
/// if the tree may nest and repeat without end.
const HOSTILE: &[&str] = &[
    "<",
    "</",
    "<!--",
    "<![CDATA[",
    "<a ",
    "<a b='",
    "<a ='",
    "<a/",
    "<script><!--<script>",
    "<title></title",
    "<svg><![CDATA[",
    "<div>",
    "<p><b>",
    "<p><b></p>x",
    "<table><b>",
    "<a><div>",
    "<html a>",
    "--",
    "&",
    "\0",
    "\r",
];

#[test]
fn hostile_sources() {
    for unit in HOSTILE {
        check_shape(&unit.repeat(300_000 / unit.len()));
        Tree::parse(&unit.repeat(60_000 / unit.len()), 0);
    }
    let numbered = |i: usize| format!("<p><b id={i} a{i}=1></p>x");
    let many: String = (0..5000).map(numbered).collect();
    Tree::parse(&many, 0);
}

#[test]
fn spans_are_moved_by_the_base() {
    for text in NASTY {
        let mut moved = Tokens::default();
        tokenize(text, 1000, &mut moved);
        let plain = tokens(text);
        let spans = |tokens: &Tokens, by: usize| -> Vec<Span> {
            let attributes =
                tokens.attributes.iter().flat_map(|found| [Some(found.name), Some(found.span), found.value]);
            tokens
                .list
                .iter()
                .map(Token::span)
                .chain(attributes.flatten())
                .map(|span| span.shifted(by))
                .collect()
        };
        assert_eq!(spans(&moved, 0), spans(&plain, 1000), "{text:?}");
    }
}

#[test]
fn attributes_are_found_by_name() {
    let text = "<IMG a=/ Alt SRC='x' src=y title=\"\"/><b></b/>";
    let tokens = tokens(text);
    let tags: Vec<_> =
        tokens.list.iter().map(|token| if let Token::Tag(tag) = token { tag } else { panic!() }).collect();
    let found = |name: &str| {
        let attribute = tokens.attribute(tags[0], name, text)?;
        Some((attribute.span.of(text), attribute.value.map(|value| value.of(text)), attribute.quote))
    };
    assert_eq!(found("src"), Some(("SRC='x'", Some("x"), Quote::Single)));
    assert_eq!(found("ALT"), Some(("Alt", None, Quote::None)));
    assert_eq!(found("title"), Some(("title=\"\"", Some(""), Quote::Double)));
    assert_eq!(found("a"), Some(("a=/", Some("/"), Quote::None)));
    assert_eq!(found("id"), None);
    assert!(tags[0].is(text, "img") && tags[0].self_closing && !tags[0].closing);
    assert!(tags[2].is(text, "b") && tags[2].self_closing && tags[2].closing);
}
