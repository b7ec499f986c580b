//! The values of a config, each with its position in the file.

use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// In a list, the placeholder for the list that it replaces.
pub const REST: &str = "...";

/// A value with its position in the file, if it comes from one.
#[derive(Debug, Clone)]
pub struct SourcedValue {
    /// Its position; `None` if it comes from no file.
    pub position: Option<SourcePosition>,
    /// The value itself.
    pub kind: ValueKind,
}

/// The kinds of values, which are merged in different ways.
#[derive(Debug, Clone)]
pub enum ValueKind {
    /// A table, merged key by key.
    Table(BTreeMap<String, SourcedValue>),
    /// A list.
    List(Vec<SourcedValue>),
    /// Anything else.
    Plain(toml::Value),
}

/// A range of bytes in one of the config's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePosition {
    /// The index of the file.
    pub file: usize,
    /// The byte span of the key and the value, or of the value alone in a list.
    pub span: Range<usize>,
}

impl SourcedValue {
    /// The content of a file, which was parsed twice: once for the values and once for their positions.
    pub fn of_file(values: toml::Table, spanned: &DeTable<'_>, file: usize) -> Self {
        Self { position: None, kind: table(values, spanned, file) }
    }

    /// A value that comes from no file.
    pub fn unwritten(kind: ValueKind) -> Self {
        Self { position: None, kind }
    }

    /// Merges another value over this one: tables are merged key by key, lists of tables are concatenated, and
    /// everything else is replaced. `"..."` in a list is replaced by the items of the list that it overrides.
    pub fn with(self, over: Self) -> Self {
        let kind = match (self.kind, over.kind) {
            (ValueKind::Table(mut base), ValueKind::Table(more)) => {
                for (key, value) in more {
                    let value = match base.remove(&key) {
                        Some(below) => below.with(value),
                        None => value.with_rest(&[]),
                    };
                    base.insert(key, value);
                }
                return Self { position: self.position.or(over.position), kind: ValueKind::Table(base) };
            }
            (ValueKind::List(mut base), ValueKind::List(over)) if is_of_tables(&over) => {
                base.extend(over);
                ValueKind::List(base)
            }
            (ValueKind::List(base), kind @ ValueKind::List(_)) => {
                return Self { position: over.position, kind }.with_rest(&base);
            }
            (_, kind) => kind,
        };
        Self { position: over.position, kind }
    }

    /// A list in which the first `"..."` is replaced by these values. Another `"..."` is dropped, since it would
    /// repeat them.
    fn with_rest(self, rest: &[Self]) -> Self {
        let ValueKind::List(items) = self.kind else { return self };
        let mut rest = Some(rest);
        let items = items.into_iter().flat_map(|item| match item.text() {
            Some(REST) => rest.take().unwrap_or_default().to_vec(),
            _ => vec![item],
        });
        Self { position: self.position, kind: ValueKind::List(items.collect()) }
    }

    /// The value at a path of keys.
    pub fn at<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |value, key| match &value.kind {
            ValueKind::Table(table) => table.get(key),
            _ => None,
        })
    }

    /// The value at a path of keys, mutable.
    pub fn at_mut<'k>(&mut self, path: impl IntoIterator<Item = &'k str>) -> Option<&mut Self> {
        path.into_iter().try_fold(self, |value, key| match &mut value.kind {
            ValueKind::Table(table) => table.get_mut(key),
            _ => None,
        })
    }

    /// The values of a list; empty for other kinds.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            ValueKind::List(items) => items,
            _ => &[],
        }
    }

    /// The value, if it is a string.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Plain(value) => value.as_str(),
            _ => None,
        }
    }

    /// The value without positions.
    pub fn value(&self) -> toml::Value {
        match &self.kind {
            ValueKind::Plain(value) => value.clone(),
            ValueKind::List(items) => toml::Value::Array(items.iter().map(Self::value).collect()),
            ValueKind::Table(table) => {
                toml::Value::Table(table.iter().map(|(key, value)| (key.clone(), value.value())).collect())
            }
        }
    }
}

fn is_of_tables(items: &[SourcedValue]) -> bool {
    !items.is_empty() && items.iter().all(|item| matches!(item.kind, ValueKind::Table(_)))
}

fn table(values: toml::Table, spanned: &DeTable<'_>, file: usize) -> ValueKind {
    let pairs = values.into_iter().filter_map(|(key, value)| {
        let (named, written) = spanned.get_key_value(key.as_str())?;
        let start = named.span().start;
        let sourced = sourced(value, written, start, file);
        Some((key, sourced))
    });
    ValueKind::Table(pairs.collect())
}

fn sourced(value: toml::Value, written: &Spanned<DeValue<'_>>, start: usize, file: usize) -> SourcedValue {
    let position = Some(SourcePosition { file, span: start..written.span().end.max(start) });
    let kind = match (value, written.get_ref()) {
        (toml::Value::Table(values), DeValue::Table(spanned)) => table(values, spanned, file),
        (toml::Value::Array(values), DeValue::Array(spanned)) => {
            let pairs = values.into_iter().zip(spanned.iter());
            let items = pairs.map(|(value, written)| sourced(value, written, written.span().start, file));
            ValueKind::List(items.collect())
        }
        (value, _) => ValueKind::Plain(value),
    };
    SourcedValue { position, kind }
}
