//! The ways in which one character is mistaken for another.

/// How one character is mistaken for another, the likelier way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confusion {
    /// They share a reading, apart from tones: 工 and 公.
    SameSound,
    /// They sound alike to many speakers: 岗 and 甘.
    NearSound,
    /// They look alike: 己 and 已.
    Shape,
    /// Their readings begin with the same letter, and many people type only that: 工 and 个.
    SameInitial,
}
