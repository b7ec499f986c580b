//! How much each clue weighs, learnt from mistakes put into right text: a million and a half characters of
//! newspapers and a million of posts.

use super::judge::CLUES;

/// The odds where no clue says anything.
pub(super) const BIAS: f32 = 0.454;

/// The weights, in the order of the clues.
pub(super) const WEIGHTS: [f32; CLUES] = [
    0.0919,  // gain of two words
    0.5354,  // gain of three words
    0.0695,  // lead over rivals
    -0.5652, // several characters change
    -0.8126, // near sound
    -1.0666, // like shape
    1.8722,  // same sound and like shape
    1.3915,  // known confusion
    -0.0959, // cost of the word
    0.9400,  // three characters
    2.1000,  // four characters
    -1.0114, // odd one in a longer word
    -0.7922, // odd one in a word of the dictionary
    -0.0489, // word known after the one before
    -0.0385, // next word known after it
    -0.3143, // odd one is hardly ever alone
    -0.0911, // odd one is rare alone
    -0.0402, // rivals
    3.6940,  // seconded by a longer word
    -0.2322, // cost of the piece
    -0.2933, // lone characters around
    -0.1100, // cut before known
    -0.3593, // cut after known
    -0.8553, // may be a name
    -0.1615, // first of the gain
    0.0531,  // gain of known confusions
    1.1784,  // fixed phrase
    -0.1483, // gain of fixed phrases
];
