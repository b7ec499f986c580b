//! How many findings each rule has.

use super::{Printer, Tally};
use crate::run::Examined;
use std::io::{self, Write};
use std::path::Path;

pub(super) struct Statistics;

impl Printer for Statistics {
    fn add(&mut self, _: &mut dyn Write, _: &Path, _: &Examined) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let mut rows: Vec<_> = tally.left.iter().collect();
        rows.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
        if let Some(shard) = tally.shard {
            writeln!(out, "by rule, in share {shard}")?;
        }
        rows.iter().try_for_each(|(rule, count)| writeln!(out, "{count:>8}  {rule}"))
    }
}
