//! The n-gram model of `likely-misspelling`, compiled from open-gram's, which Debian packages for SunPinyin.
//!
//! The format is described by SunPinyin's sources: `lm_sc.t3g` is a header, two tables of probabilities and back-off
//! weights, and the nodes of the words, pairs and triples, where the children of a node end where those of the next
//! one begin; `pydict_sc.bin` ends with the words, in UTF-32 and separated by zeros.

use super::fetch;
use super::pack::with_head;
use crate::target;
use postmend_typo::{COST_OF_TEN, DEEP_MAGIC, Deep, PackedPair, PackedWord, pack_deep};
use std::collections::{BTreeMap, BTreeSet};
use std::f32::consts::LN_10;
use std::fs;
use std::path::Path;

const URL: &str =
    "http://deb.debian.org/debian/pool/main/o/open-gram/sunpinyin-data_0.1.22+20170109-2_amd64.deb";
const SHA256: &str = "e30b33b97cbe45af1b176a5c8e937078759d0c1f5344200a11e6ac802339a948";
const FOLDER: &str = "./usr/lib/x86_64-linux-gnu/sunpinyin/data/";

/// The additional cost of a word that only the dictionary contains.
const ONLY_IN_DICTIONARY: f32 = 3.0;

/// The licence file in the folder of the model.
const LICENCE: &str =
    "zh-deep.model is derived from open-gram (https://sourceforge.net/projects/open-gram/), as packaged by
Debian in sunpinyin-data 0.1.22+20170109-2: its word, pair and triple frequencies, rounded and laid out anew.

Copyright (c) 1997-2010 MDBG
Copyright (c) 2010 Kov Chai, virus huo, Tinyfool

Licensed, as its source, under the Creative Commons Attribution-Share Alike 3.0 Unported License:
https://creativecommons.org/licenses/by-sa/3.0/
It is a file of its own: no part of it is in the postmend binary.
";

/// Writes the model and its licence into a folder.
pub(crate) fn write(root: &Path, folder: &Path) -> Result<String, String> {
    let package = fetch::archive(&target::folder().join("model"), URL, SHA256)?;
    let table = fetch::debian_file(&package, &format!("{FOLDER}lm_sc.t3g"))?;
    let dictionary = fetch::debian_file(&package, &format!("{FOLDER}pydict_sc.bin"))?;
    let mut words = words(&ProbabilityTable::read(&table)?, &texts(&dictionary)?);
    add_dictionary(&mut words, &super::dictionary(root)?);
    let bytes = with_head(DEEP_MAGIC, &pack_deep(&words)?);
    let contents = format!("{} bytes, SHA-256 {}", bytes.len(), fetch::sha256(&bytes));
    let model = Deep::new(Box::new(bytes.clone())).ok_or("the packed model cannot be read")?;
    let counts = model.counts();
    let path = folder.join("zh-deep.model");
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(&path, &bytes).map_err(failed)?;
    fs::write(folder.join("zh-deep.LICENSE"), LICENCE).map_err(failed)?;
    Ok(format!("wrote {}: {counts:?}, {contents}", path.display()))
}

/// The three levels of the table.
struct ProbabilityTable<'t> {
    costs: Vec<f32>,
    backoffs: Vec<f32>,
    words: &'t [u8],
    pairs: &'t [u8],
    triples: &'t [u8],
}

const NODE: usize = 12;
const LEAF: usize = 8;

impl<'t> ProbabilityTable<'t> {
    fn read(bytes: &'t [u8]) -> Result<Self, String> {
        let header: Vec<u32> = bytes.chunks_exact(4).take(6).map(little).collect();
        let [3, 0, roots, words, pairs, triples] = header[..] else {
            return Err("the table is not of three levels of plain probabilities".to_owned());
        };
        let mut rest = &bytes[24..];
        let mut take = |length: usize| {
            let (part, after) = rest.split_at_checked(length).ok_or("the table is cut short")?;
            rest = after;
            Ok::<_, String>(part)
        };
        let logarithms =
            |part: &[u8]| part.chunks_exact(4).map(|value| -f32::from_bits(little(value)).ln()).collect();
        let costs = logarithms(take(4 << 16)?);
        let backoffs = logarithms(take(4 << 14)?);
        take(roots as usize * NODE)?;
        let (words, pairs) = (take(words as usize * NODE)?, take(pairs as usize * NODE)?);
        Ok(Self { costs, backoffs, words, pairs, triples: take(triples as usize * LEAF)? })
    }
}

fn little(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("chunks of four"))
}

/// A word or pair of the table.
struct TableNode {
    word: u32,
    backoff: usize,
    cost: usize,
    first_child: usize,
}

fn node(level: &[u8], index: usize) -> TableNode {
    let at = |word: usize| little(&level[index * NODE + word * 4..index * NODE + word * 4 + 4]);
    TableNode {
        word: at(0) & 0x3_FFFF,
        backoff: (at(0) >> 18) as usize,
        cost: (at(1) & 0xFFFF) as usize,
        first_child: (at(1) >> 16 | (at(2) >> 25) << 16) as usize,
    }
}

/// The third word of a triple, and the index of its cost.
fn leaf(level: &[u8], index: usize) -> (u32, usize) {
    let at = |word: usize| little(&level[index * LEAF + word * 4..index * LEAF + word * 4 + 4]);
    (at(0) & 0x3_FFFF, (at(0) >> 18 | (at(1) >> 25 & 3) << 14) as usize)
}

/// The texts of the words, by number.
fn texts(dictionary: &[u8]) -> Result<Vec<String>, String> {
    let start = dictionary.get(8..12).map(little).ok_or("the dictionary is cut short")? as usize;
    let text = dictionary.get(start..).ok_or("the dictionary is cut short")?;
    let characters = text.chunks_exact(4).map(|unit| char::from_u32(little(unit)).unwrap_or('\u{FFFD}'));
    Ok(characters.collect::<String>().split('\0').map(str::to_owned).collect())
}

/// Adds the words that only the dictionary contains; they have no pairs.
fn add_dictionary(words: &mut Vec<PackedWord>, dictionary: &BTreeMap<String, u8>) {
    let known: BTreeSet<String> = words.iter().map(|word| word.text.clone()).collect();
    for (text, cost) in dictionary.iter().filter(|(text, _)| !known.contains(*text)) {
        let cost = f32::from(*cost) / COST_OF_TEN * LN_10 + ONLY_IN_DICTIONARY;
        words.push(PackedWord { text: text.clone(), cost, ..PackedWord::default() });
    }
}

/// The words that are Chinese text or punctuation, each with its pairs and triples.
fn words(table: &ProbabilityTable<'_>, texts: &[String]) -> Vec<PackedWord> {
    let is_text = |text: &str| {
        !text.is_empty()
            && (text.chars().all(super::is_han) || text.chars().all(|c| "，。；？！：“”、…".contains(c)))
    };
    let count = |level: &[u8]| level.len() / NODE - 1;
    let mut numbers = BTreeMap::new();
    for index in 0..count(table.words) {
        let word = node(table.words, index).word;
        if texts.get(word as usize).is_some_and(|text| is_text(text)) {
            numbers.insert(word, (numbers.len() as u32, index));
        }
    }
    let number = |word: u32| numbers.get(&word).map(|(number, _)| *number);
    let packed = |&index: &usize| {
        let (this, next) = (node(table.words, index), node(table.words, index + 1));
        let pairs = (this.first_child..next.first_child).filter_map(|index| {
            let (pair, next) = (node(table.pairs, index), node(table.pairs, index + 1));
            let triples = (pair.first_child..next.first_child).filter_map(|index| {
                let (word, cost) = leaf(table.triples, index);
                Some((number(word)?, table.costs[cost]))
            });
            let (cost, backoff) = (table.costs[pair.cost], table.backoffs[pair.backoff]);
            Some(PackedPair { word: number(pair.word)?, cost, backoff, triples: triples.collect() })
        });
        PackedWord {
            text: texts[this.word as usize].clone(),
            cost: table.costs[this.cost],
            backoff: table.backoffs[this.backoff],
            pairs: pairs.collect(),
        }
    };
    numbers.values().map(|(_, index)| packed(index)).collect()
}
