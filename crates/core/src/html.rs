//! HTML as tokens with byte spans, and as a tree whose elements refer to these tokens.

mod builder;
mod name;
mod raw;
mod sink;
mod token;
mod tokenize;
pub mod tree;

pub(crate) use name::{Name, VOID, is_one_of, same};
pub use token::{Attribute, Quote, Tag, Token, Tokens};
pub use tokenize::tokenize;
