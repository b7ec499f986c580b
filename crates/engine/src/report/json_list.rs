//! A JSON document with one long list, whose items are written as they come.

use crate::escape::{JsonForm, Part, Sink};
use std::io;

/// Writes the part of the document before the items.
type Opening = fn(&mut Sink<'_>) -> io::Result<()>;

/// The list that is being written, with the number of its items so far.
#[derive(Debug)]
pub(super) struct JsonList {
    opening: Opening,
    items: usize,
}

impl JsonList {
    /// A list without items. The opening, which ends with `[`, is written with the first item.
    pub(super) fn after(opening: Opening) -> Self {
        Self { opening, items: 0 }
    }

    /// Writes an item on a line of its own.
    pub(super) fn put(&mut self, out: &mut Sink<'_>, item: &dyn Part<JsonForm>) -> io::Result<()> {
        if self.items == 0 {
            (self.opening)(out)?;
        }
        let lead = if self.items == 0 { "\n" } else { ",\n" };
        self.items += 1;
        out.put::<JsonForm>(&[&lead, item])
    }

    /// Writes the end of the list, and the opening if there were no items.
    pub(super) fn close(&self, out: &mut Sink<'_>) -> io::Result<()> {
        if self.items == 0 {
            (self.opening)(out)?;
        }
        out.put::<JsonForm>(&[&"\n]"])
    }
}
