//! Statistics of characters: how often each occurs, alone and in total, and which are confused.

use super::ngrams::{Ngrams, Word};
use crate::lexicon::CharIndex;
use crate::model::Model;
use crate::words::chinese;
use std::collections::{HashMap, HashSet};

/// The cost of a character that occurs in no word.
const UNMET: f32 = 18.0;

/// Statistics of characters.
#[derive(Debug)]
pub(super) struct Habits {
    /// The cost of each character, in words and alone (`total`), and alone only (`alone`).
    total: Vec<f32>,
    alone: Vec<f32>,
    /// Characters that people confuse with each other, in both directions.
    confused: HashSet<(u16, u16)>,
    /// Words that are known to be wrong, with their corrections.
    listed: HashSet<(Vec<u16>, Vec<u16>)>,
    /// Names of large places.
    place_names: HashSet<Vec<u16>>,
    /// Character forms of other scripts, mapped to the usual ones.
    usual_forms: HashMap<u16, u16>,
}

/// Groups of characters that people confuse with each other.
const CONFUSED: &str = include_str!("../../data/confused-zh.txt");

/// Character forms of other scripts and the simplified characters that they stand for.
const VARIANTS: &str = include_str!("../../data/variants-zh.txt");

/// Common surnames.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤邢葛倪殷施牛翁俞庞樊兰伍阴梅盛童阮柯辛温庄齐耿卓焦岳欧聂麦尤霍柴鲍穆解曲商滕柳桂褚冉骆季屈缪费卫匡房裴";

/// Names of large places to which names of smaller ones are similar: 湖贝 is not a mistake for 湖北.
const PLACES: &str = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 \
                      陕西 甘肃 青海 台湾 内蒙 广西 西藏 宁夏 新疆 香港 澳门 广州 深圳 武汉 南京 杭州 成都 西安 长沙 郑州 济南 大连 青岛 \
                      厦门 福州 苏州 昆明 合肥 南昌 南宁 太原 沈阳 长春 东莞 珠海 佛山 宁波 无锡 温州 日本 韩国 美国 法国 德国 英国 印度";

impl Habits {
    pub(super) fn of(ngrams: &Ngrams, model: &Model<'_>) -> Self {
        let mut total = vec![0.0_f64; model.len()];
        let mut alone = vec![UNMET; model.len()];
        for word in 0..ngrams.counts().words as Word {
            let cost = ngrams.cost(word);
            let mut before = None;
            let mut length = 0;
            for code in ngrams.codes(word) {
                let index = model.index_of_code(code);
                length += 1;
                if let Some(index) = index {
                    total[index as usize] += f64::from(-cost).exp();
                }
                before = index;
            }
            if let (1, Some(index)) = (length, before) {
                alone[index as usize] = cost;
            }
        }
        let total = total.into_iter().map(|sum| if sum > 0.0 { -sum.ln() as f32 } else { UNMET }).collect();
        let codes = |word: &str| word.encode_utf16().collect::<Vec<u16>>();
        let listed = chinese().map(|(wrong, right)| (codes(wrong), codes(right))).collect();
        let place_names = PLACES.split_whitespace().map(codes).collect();
        Self { total, alone, confused: confused(), listed, place_names, usual_forms: usual_forms() }
    }

    /// The cost of a character as a word by itself.
    pub(super) fn alone(&self, index: CharIndex) -> f32 {
        self.alone[index as usize]
    }

    /// Whether people confuse the two.
    pub(super) fn are_confused(&self, a: u16, b: u16) -> bool {
        self.confused.contains(&(a, b))
    }

    /// Whether a word is the name of a large place.
    pub(super) fn is_place(&self, word: &[u16]) -> bool {
        self.place_names.contains(word)
    }

    /// The usual form of a variant character.
    pub(super) fn usual_form(&self, variant: u16) -> Option<u16> {
        self.usual_forms.get(&variant).copied()
    }

    /// Whether the first word is listed as a misspelling of the second.
    pub(super) fn is_listed(&self, wrong: &[u16], right: &[u16]) -> bool {
        self.listed.contains(&(wrong.to_vec(), right.to_vec()))
    }

    /// How much rarer a character is alone than in total, as a difference of costs.
    pub(super) fn bound(&self, index: CharIndex) -> f32 {
        self.alone[index as usize] - self.total[index as usize]
    }
}

/// The lines of a list, without comments.
fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

fn usual_forms() -> HashMap<u16, u16> {
    let pair = |line: &str| {
        let mut codes = line.encode_utf16();
        Some((codes.next()?, codes.next()?))
    };
    lines(VARIANTS).filter_map(pair).collect()
}

fn confused() -> HashSet<(u16, u16)> {
    let mut confused = HashSet::new();
    for group in lines(CONFUSED).chain(lines(VARIANTS)) {
        for a in group.encode_utf16() {
            confused.extend(group.encode_utf16().map(|b| (a, b)));
        }
    }
    confused
}

/// Whether the character is a common surname.
pub(super) fn is_surname(code: u16) -> bool {
    char::from_u32(u32::from(code)).is_some_and(|character| SURNAMES.contains(character))
}
