//! The kinds of damage to proxy URLs, each with its own message, worst first.

/// A way in which a proxy URL is broken, or its origin is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// Nothing after the `?`.
    NoOrigin,
    /// `undefined`, `null`, `NaN` or `[object Object]` instead of a value.
    PlaceholderSegment,
    /// `D:\photo` or `file:`.
    LocalPath,
    /// `[label](target)` instead of a URL.
    NestedMarkdown,
    /// The proxy is given another proxy's URL.
    DoubleProxy,
    /// `http:/host`
    CollapsedSlash,
    /// `http:///host`
    ExtraSlash,
    /// `//host`, or only a host: a proxy is not a page from which to inherit the scheme.
    SchemeMissing,
    /// A quotation mark in or after the URL.
    StrayQuote,
    /// `：`, `／` or `？` in the origin's scheme or host.
    FullWidthCharacter,
    /// `%253A`
    DoubleEncoded,
    /// `&amp;` in a place where nothing decodes it.
    HtmlEntity,
    /// A space or line break in the origin.
    SpaceInUrl,
    /// An opening parenthesis without a closing one, or the reverse.
    UnbalancedParenthesis,
    /// A second `?` in the proxy's own query.
    SecondQuestionMark,
    /// The proxy reads the origin's query as its own.
    NestedQueryNotEncoded,
    /// The URL is cut off.
    Truncated,
    /// The origin is not an absolute http or https URL, for none of the reasons above.
    NotAUrl,
    /// The service has shut down.
    DeadHost,
    /// The signature is valid until this time in Unix seconds. Whether that has passed is for the caller to
    /// determine.
    ExpiredSignature(i64),
    /// The proxy's URL does not show whether the origin is http or https.
    SchemeGuessed,
}

/// Every kind with its name and its message, worst first.
const TABLE: [(Damage, &str, &str); 21] = [
    (Damage::NoOrigin, "no-origin", "the proxy URL contains no image URL"),
    (
        Damage::PlaceholderSegment,
        "placeholder-segment",
        "the proxy URL contains a value that a script left undefined",
    ),
    (Damage::LocalPath, "local-path", "the proxy URL contains a path on somebody's disk"),
    (Damage::NestedMarkdown, "nested-markdown", "a Markdown link is used as the proxy URL"),
    (Damage::DoubleProxy, "double-proxy", "image goes through two proxies, one inside the other"),
    (Damage::CollapsedSlash, "collapsed-slash", "the image URL inside the proxy URL lacks a slash: http:/…"),
    (Damage::ExtraSlash, "extra-slash", "the image URL inside the proxy URL has an extra slash: http:///…"),
    (Damage::SchemeMissing, "scheme-missing", "the image URL inside the proxy URL lacks http: or https:"),
    (Damage::StrayQuote, "stray-quote", "the proxy URL contains a quote"),
    (
        Damage::FullWidthCharacter,
        "full-width-character",
        "the image URL inside the proxy URL has a full-width :, / or ?",
    ),
    (Damage::DoubleEncoded, "double-encoded", "the image URL inside the proxy URL is percent-encoded twice"),
    (Damage::HtmlEntity, "html-entity", "the proxy URL contains &amp; where nothing decodes it"),
    (Damage::SpaceInUrl, "space-in-url", "the image URL inside the proxy URL contains a space"),
    (
        Damage::UnbalancedParenthesis,
        "unbalanced-parenthesis",
        "the image URL inside the proxy URL has an unmatched parenthesis",
    ),
    (Damage::SecondQuestionMark, "second-question-mark", "the proxy's options follow a second question mark"),
    (
        Damage::NestedQueryNotEncoded,
        "nested-query-not-encoded",
        "the image's query is not encoded, so the proxy reads it as its own options",
    ),
    (Damage::Truncated, "truncated", "the image URL inside the proxy URL is truncated"),
    (Damage::NotAUrl, "not-a-url", "the proxy URL does not contain a URL"),
    (Damage::DeadHost, "dead-host", "the proxy's service has been shut down"),
    (Damage::ExpiredSignature(0), "expired-signature", "the proxy URL is signed and expires on"),
    (
        Damage::SchemeGuessed,
        "scheme-guessed",
        "the proxy URL does not tell whether the image URL is http or https",
    ),
];

impl Damage {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        TABLE[self.rank()].1
    }

    /// The message of a finding.
    pub fn message(self) -> String {
        let message = TABLE[self.rank()].2;
        match self {
            Self::ExpiredSignature(seconds) => format!("{message} {}", day_of(seconds)),
            _ => message.to_owned(),
        }
    }

    /// Whether it keeps the image from loading. An uncertain scheme does not, and whether a signature has
    /// expired is for the caller to determine.
    pub fn breaks(self) -> bool {
        !matches!(self, Self::SchemeGuessed | Self::ExpiredSignature(_))
    }

    /// Rank in the table: the number of kinds that are worse.
    pub(super) fn rank(self) -> usize {
        let kind = std::mem::discriminant(&self);
        let is_kind = |row: &(Self, &str, &str)| std::mem::discriminant(&row.0) == kind;
        TABLE.iter().position(is_kind).expect("the table names every kind")
    }
}

/// The date of a time in Unix seconds, as year, month and day.
fn day_of(seconds: i64) -> String {
    // Days since 1 March of the year 0, split into cycles of 400 years.
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + carry)
}
