//! Serializes a model in the format that `postmend_typo` reads.

use super::character::Character;
use postmend_typo::{BLOCK, CharIndex, MAGIC, NO_WORD};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A node of the prefix tree of words.
#[derive(Default)]
struct WordNode {
    cost: Option<u8>,
    children: BTreeMap<CharIndex, WordNode>,
}

/// The content of the file.
pub(super) fn pack(
    characters: &BTreeMap<char, Character>,
    words: &BTreeMap<String, u8>,
) -> Result<Vec<u8>, String> {
    let indexes: BTreeMap<char, CharIndex> = characters.keys().copied().zip(0..).collect();
    let (mut readings, mut alike) = (Vec::new(), Vec::new());
    let (mut reading_ends, mut alike_ends) = (Vec::new(), Vec::new());
    for character in characters.values() {
        readings.extend(character.readings.iter().flat_map(|syllable| syllable.to_bytes()));
        reading_ends.extend(u32::to_le_bytes((readings.len() / 2) as u32));
        alike.extend(character.alike.iter().flat_map(|alike| indexes[alike].to_le_bytes()));
        alike_ends.extend(u32::to_le_bytes((alike.len() / 2) as u32));
    }
    let (nodes, tree) = tree(&indexes, words)?;
    let mut bytes = Vec::new();
    for count in [indexes.len(), readings.len() / 2, alike.len() / 2, nodes] {
        bytes.extend((count as u32).to_le_bytes());
    }
    for character in indexes.keys() {
        let code = u16::try_from(u32::from(*character)).map_err(|_| format!("{character} is too far out"))?;
        bytes.extend(code.to_le_bytes());
    }
    for part in [reading_ends, alike_ends, readings, alike, tree] {
        bytes.extend(part);
    }
    Ok(with_head(MAGIC, &bytes))
}

/// The content with the magic bytes and its checksum before it.
pub(super) fn with_head(magic: [u8; 8], content: &[u8]) -> Vec<u8> {
    [&magic[..], &Sha256::digest(content), content].concat()
}

/// The words in the format that `Lexicon` reads, and the number of nodes below the characters.
fn tree(
    indexes: &BTreeMap<char, CharIndex>,
    words: &BTreeMap<String, u8>,
) -> Result<(usize, Vec<u8>), String> {
    let mut root = WordNode::default();
    for (word, cost) in words {
        let node = word.chars().fold(&mut root, |node, c| node.children.entry(indexes[&c]).or_default());
        node.cost = Some(*cost);
    }
    let none = WordNode::default();
    let mut level: Vec<&WordNode> =
        indexes.values().map(|index| root.children.get(index).unwrap_or(&none)).collect();
    let root_costs: Vec<u8> = level.iter().map(|node| node.cost.unwrap_or(NO_WORD)).collect();
    let (mut root_starts, mut start) = (Vec::new(), 0_u32);
    for node in &level {
        root_starts.extend(start.to_le_bytes());
        start += node.children.len() as u32;
    }
    root_starts.extend(start.to_le_bytes());
    let (mut labels, mut costs, mut children) = (Vec::new(), Vec::new(), Vec::new());
    while !level.is_empty() {
        level = level
            .iter()
            .flat_map(|node| &node.children)
            .map(|(label, node)| {
                labels.extend(label.to_le_bytes());
                costs.push(node.cost.unwrap_or(NO_WORD));
                children.push(node.children.len());
                node
            })
            .collect();
    }
    let mut sums = Vec::new();
    for block in children.chunks(BLOCK) {
        sums.extend(start.to_le_bytes());
        start += block.iter().sum::<usize>() as u32;
    }
    let narrow = children.iter().map(|count| u8::try_from(*count)).collect::<Result<Vec<u8>, _>>();
    let children = narrow.map_err(|_| "a node has more than 255 children")?;
    Ok((children.len(), [root_costs, root_starts, sums, labels, costs, children].concat()))
}
