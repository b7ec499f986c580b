//! Element names as integers, so that tags can be compared by machine words.

/// Elements without content.
pub(crate) const VOID: [Name; 14] = Name::all([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
]);

/// The name of an element, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name(u64);

impl Name {
    /// Packs a name. All names of more than eight bytes have the same value: see [`Name::is_long`].
    pub(crate) const fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        if bytes.len() > 8 {
            return Self(u64::MAX);
        }
        let (mut packed, mut at) = (0, 0);
        while at < bytes.len() {
            packed = packed << 8 | bytes[at].to_ascii_lowercase() as u64;
            at += 1;
        }
        Self(packed)
    }

    /// Packs several names.
    pub(crate) const fn all<const N: usize>(names: [&str; N]) -> [Self; N] {
        let (mut all, mut at) = ([Self(0); N], 0);
        while at < N {
            all[at] = Self::of(names[at]);
            assert!(all[at].0 != u64::MAX, "a name of more than eight bytes is no name here");
            at += 1;
        }
        all
    }

    /// Whether other names may have the same value.
    pub(crate) fn is_long(self) -> bool {
        self.0 == u64::MAX
    }

    /// Whether it is the same name, as `==` is not for constants.
    pub(crate) const fn is(self, other: Self) -> bool {
        self.0 == other.0
    }

    /// A hash whose upper bits depend on all letters.
    pub(crate) const fn hash(self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Whether it is one of `names`.
    pub(crate) fn is_in(self, names: &[Self]) -> bool {
        // Without an early exit the compiler can vectorize the comparison.
        names.iter().fold(false, |found, name| found | (*name == self))
    }
}

/// Whether two names are equal in HTML, which ignores case.
pub(crate) fn same(name: &str, expected: &str) -> bool {
    name.eq_ignore_ascii_case(expected)
}

/// Whether a name is one of these, ignoring case.
pub(crate) fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|listed| same(name, listed))
}
