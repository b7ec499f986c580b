//! Text with `{placeholders}`.

/// Text and placeholders in alternation.
#[derive(Debug, Clone)]
pub(super) struct MessageTemplate {
    source: String,
    /// Each placeholder's name, preceded by the text before it.
    parts: Vec<(String, String)>,
    end: String,
}

impl MessageTemplate {
    /// Parses a template, in which `{{` and `}}` stand for literal braces.
    ///
    /// # Errors
    /// A brace is unmatched, or a placeholder is unknown.
    pub(super) fn parse(source: &str, is_known: impl Fn(&str) -> bool) -> Result<Self, String> {
        let (mut parts, mut text) = (Vec::new(), String::new());
        let mut rest = source;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let after = &rest[at + 1..];
            if let Some(after) = after.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            let name = after.split_once('}').filter(|_| brace == "{");
            let Some((name, after)) = name else {
                return Err(format!("unmatched `{brace}`; write `{brace}{brace}` for a literal one"));
            };
            if !is_known(name) {
                return Err(format!("unknown placeholder `{{{name}}}`; write `{{{{` for a literal brace"));
            }
            parts.push((std::mem::take(&mut text), name.to_owned()));
            rest = after;
        }
        Ok(Self { source: source.to_owned(), parts, end: text + rest })
    }

    /// The template as written.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The text with the placeholders replaced by what `value` returns for the text before each and its name; `None` if
    /// it returns none.
    pub(super) fn try_fill(&self, value: impl Fn(&str, &str) -> Option<String>) -> Option<String> {
        let mut out = String::new();
        for (text, name) in &self.parts {
            out.push_str(text);
            let value = value(&out, name)?;
            out.push_str(&value);
        }
        Some(out + &self.end)
    }

    /// The text with the placeholders replaced by their values.
    pub(super) fn fill<'v>(&self, value: impl Fn(&str) -> &'v str) -> String {
        let mut out = String::new();
        for (text, name) in &self.parts {
            out.push_str(text);
            out.push_str(value(name));
        }
        out + &self.end
    }
}
