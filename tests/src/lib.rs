//! Tests over more than one crate stand in `tests/`.
