//! The prose in the order of the source, to find the words around a place of the post.

use super::{Prose, ProsePiece};

/// Finds places of the source in the prose. The front matter and alternative texts stand elsewhere in the source than
/// in the prose, so its pieces are sorted first.
#[derive(Debug)]
pub struct ProseBySource<'p> {
    prose: &'p Prose,
    /// The pieces, sorted by their source.
    pieces: Vec<ProsePiece>,
}

impl Prose {
    /// The same prose by its source.
    pub fn by_source(&self) -> ProseBySource<'_> {
        let mut pieces = self.pieces.clone();
        if !pieces.is_sorted_by_key(|piece| piece.span) {
            pieces.sort_by_key(|piece| piece.span);
        }
        ProseBySource { prose: self, pieces }
    }
}

impl ProseBySource<'_> {
    /// Whether an offset in the source is text of the prose.
    pub fn has(&self, source: usize) -> bool {
        let after = self.pieces.partition_point(|piece| piece.span.start as usize <= source);
        self.pieces[..after].last().is_some_and(|piece| source < piece.span.end as usize)
    }

    /// The offset in the prose of an offset in the source; that of the nearest text before it if it is not prose.
    pub fn offset_of(&self, source: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.span.start as usize <= source);
        let Some(piece) = self.pieces[..after].last() else { return 0 };
        let (at, inside) = (piece.at as usize, source - piece.span.start as usize);
        match piece.exact {
            true => at + inside.min(piece.span.len()),
            false if inside == 0 => at,
            false => {
                let next = self.prose.pieces.partition_point(|other| other.at <= piece.at);
                let next = self.prose.pieces.get(next).map_or(self.prose.text.len(), |next| next.at as usize);
                at + self.prose.text[at..next].trim_end_matches('\n').len()
            }
        }
    }
}
