//! The number of findings of each rule.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{LineForm, Sink, Text};
use crate::examine::Examined;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

pub(super) struct Statistics;

impl Printer for Statistics {
    fn add(&mut self, _: &mut Sink<'_>, _: &Path, _: &Examined) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        let count =
            |counts: &BTreeMap<&'static str, usize>, rule| counts.get(rule).copied().unwrap_or_default();
        let rules: BTreeSet<&str> = tally.left.keys().chain(tally.known.keys()).copied().collect();
        let rows = rules.into_iter().map(|rule| (rule, count(&tally.left, rule), count(&tally.known, rule)));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|(rule, left, known)| (Reverse(*left), Reverse(*known), *rule));
        if let Some(shard) = tally.shard {
            out.put::<LineForm>(&[&"by rule, in share ", &Text(&shard.to_string()), &"\n"])?;
        }
        if tally.known.is_empty() {
            return rows.iter().try_for_each(|(rule, left, _)| {
                out.put::<LineForm>(&[&Text(&format!("{left:>8}")), &"  ", &Text(rule), &"\n"])
            });
        }
        out.put::<LineForm>(&[&"     new   known\n"])?;
        rows.iter().try_for_each(|(rule, left, known)| {
            out.put::<LineForm>(&[&Text(&format!("{left:>8}{known:>8}")), &"  ", &Text(rule), &"\n"])
        })
    }
}
