//! Work on all cores.
//!
//! Rayon's own adapters are built anew for each closure, and each time with the code for iterators of unknown length.
//! Here they are built once, for a closure behind a pointer: one indirect call for each item, which reads a file at
//! least.

use rayon::prelude::*;
use std::sync::OnceLock;

/// Calls a function for each item. The answers are in the order of the items.
pub fn map<T: Sync, R: Send + Sync>(items: &[T], call: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_indexes(items.len(), |index| call(&items[index]))
}

/// Calls a function for each index below `count`. The answers are in this order.
pub fn map_indexes<R: Send + Sync>(count: usize, call: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let answers: Vec<OnceLock<R>> = (0..count).map(|_| OnceLock::new()).collect();
    for_each_index(count, &|index| {
        answers[index].get_or_init(|| call(index));
    });
    answers.into_iter().map(|answer| answer.into_inner().expect("every index was visited")).collect()
}

fn for_each_index(count: usize, call: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(call);
}

#[cfg(test)]
mod tests {
    #[test]
    fn answers_are_in_order() {
        let items: Vec<u32> = (0..1000).collect();
        assert_eq!(
            super::map(&items, |item| item * 2),
            items.iter().map(|item| item * 2).collect::<Vec<_>>()
        );
        assert_eq!(super::map_indexes(3, |index| index), [0, 1, 2]);
        assert_eq!(super::map(&[], |_: &u32| 0), [0; 0]);
    }
}
