//! How sure a correction is.

/// How sure it is that a word is wrong and what is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Another word may be meant, or the wrong one be a name.
    Doubtful,
    /// The word is wrong, unless it is a name, or there again: hardly anyone makes that mistake twice.
    Unusual,
    /// The word is wrong, unless it is a name.
    Sure,
    /// The word is wrong, and a name is right, which has a capital letter in any case.
    SureName,
    /// The site says so.
    Own,
}
