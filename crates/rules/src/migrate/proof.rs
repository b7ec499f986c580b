//! Verifies that a migrated post differs from the old one only in the URLs that moved.

use super::fate::{Left, Move, Planned, Why};
use crate::post_context::PostContext;
use crate::verify::{front_matter_agrees, images_agree, masked_texts_agree, urls_agree};
use postmend_core::{Document, Edit, Patch};

/// Maximum number of bytes to read for trying each move alone. Above that, one impossible move keeps all moves
/// of its post from being made.
const MOST_READ: usize = 1 << 25;

/// Applies the edits of the planned moves, except for those that would change how the post is parsed.
pub(super) fn apply_moves(
    document: &Document<'_>,
    context: &PostContext<'_>,
    edits: Vec<Edit>,
    planned: &mut Planned,
) {
    let attempt = |edits: &[Edit], moves: &[&Move]| {
        let new: Vec<&str> = moves.iter().map(|planned| planned.to.url.as_str()).collect();
        let patch = Patch::new(edits.to_vec()).ok_or_else(|| "edits overlap".to_owned())?;
        prove(document, context, &patch, &new)
    };
    let all: Vec<&Move> = planned.moves.iter().collect();
    let reason = match attempt(&edits, &all) {
        Ok(text) => {
            planned.text = Some(text);
            return;
        }
        Err(reason) => reason,
    };
    let few = edits.len().saturating_mul(document.text.len()) <= MOST_READ;
    let alone =
        |(edit, planned): (&Edit, &&Move)| few && attempt(std::slice::from_ref(edit), &[planned]).is_ok();
    let sound: Vec<bool> = edits.iter().zip(&all).map(alone).collect();
    let mut kept = sound.iter();
    let edits: Vec<Edit> = edits.into_iter().filter(|_| *kept.next().unwrap_or(&false)).collect();
    let mut kept = sound.iter();
    let (moves, refused): (Vec<Move>, Vec<Move>) =
        std::mem::take(&mut planned.moves).into_iter().partition(|_| *kept.next().unwrap_or(&false));
    let together = attempt(&edits, &moves.iter().collect::<Vec<_>>());
    let leave = |url_move: Move| Left {
        span: url_move.span,
        escaping: url_move.escaping,
        url: url_move.old,
        why: Why::Refused(reason.clone()),
    };
    planned.left.extend(refused.into_iter().map(leave));
    match together {
        Ok(text) if !edits.is_empty() => {
            planned.moves = moves;
            planned.text = Some(text);
        }
        _ => planned.left.extend(moves.into_iter().map(leave)),
    }
    planned.left.sort_by_key(|left| left.span);
}

/// Applies a patch that sets URLs to the values in `new`, in order; the error says what else would change.
pub(super) fn prove(
    before: &Document<'_>,
    context: &PostContext<'_>,
    patch: &Patch,
    new: &[&str],
) -> Result<String, String> {
    let text = patch.apply(before.text);
    let after = context.read(&text);
    masked_texts_agree(before.text, patch, after.text)?;
    front_matter_agrees(before, patch, &after)?;
    urls_agree(before, patch, &after)?;
    // A field whose name does not mark it as an image is treated as one because of the end of its value.
    images_agree(before, patch, &after, &|image| image.syntax != postmend_core::ImageSyntax::Front)?;
    for (span, new) in patch.new_spans().iter().zip(new) {
        let next = after.urls.partition_point(|url| url.span.end < span.start);
        let mut near = after.urls[next..].iter().take_while(|url| url.span.start <= span.end);
        let reads_so = near.any(|url| url.value == *new) || after.is_code(span.start as usize);
        if !reads_so {
            return Err(format!("{new} would be read as another URL"));
        }
    }
    Ok(text)
}
