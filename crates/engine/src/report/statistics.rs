//! The number of findings of each rule.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{LineForm, Sink, Text};
use crate::examine::Examined;
use std::io;
use std::path::Path;

pub(super) struct Statistics;

impl Printer for Statistics {
    fn add(&mut self, _: &mut Sink<'_>, _: &Path, _: &Examined) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        let mut rows: Vec<_> = tally.left.iter().collect();
        rows.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
        if let Some(shard) = tally.shard {
            out.put::<LineForm>(&[&"by rule, in share ", &Text(&shard.to_string()), &"\n"])?;
        }
        rows.iter().try_for_each(|(rule, count)| {
            out.put::<LineForm>(&[&Text(&format!("{count:>8}")), &"  ", &Text(rule), &"\n"])
        })
    }
}
