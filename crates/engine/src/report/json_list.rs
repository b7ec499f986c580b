//! A document of JSON with one long list, whose items are written as they come.

use crate::escape::{JsonForm, Sink};
use serde_json::Value;
use std::io;

/// What comes before the list.
type Opening = fn(&mut Sink<'_>) -> io::Result<()>;

/// The list, and how many items it has.
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

    /// Writes an item, on a line of its own.
    pub(super) fn put(&mut self, out: &mut Sink<'_>, item: &Value) -> io::Result<()> {
        if self.items == 0 {
            (self.opening)(out)?;
        }
        let lead = if self.items == 0 { "\n" } else { ",\n" };
        self.items += 1;
        out.put::<JsonForm>(&[&lead, item])
    }

    /// Ends the list. An empty one may be closed on its line.
    pub(super) fn close(&self, out: &mut Sink<'_>) -> io::Result<()> {
        if self.items == 0 {
            (self.opening)(out)?;
        }
        out.put::<JsonForm>(&[&"\n]"])
    }
}
