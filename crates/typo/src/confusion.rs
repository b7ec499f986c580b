//! The ways in which one character comes to stand for another.

/// How one character comes to stand for another, the likelier way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confusion {
    /// They have a reading in common, tones aside: 工 and 公.
    SameSound,
    /// They sound alike to many speakers: 岗 and 甘.
    NearSound,
    /// They look alike: 己 and 已.
    Shape,
    /// Their readings begin with the same letter, which is all that many people type: 工 and 个.
    SameInitial,
}
