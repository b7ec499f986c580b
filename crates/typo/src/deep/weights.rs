//! How much each clue weighs, learnt from mistakes put into right text: a million and a half characters of
//! newspapers and a million of posts.

use super::judge::CLUES;

/// The odds where no clue says anything.
pub(super) const BIAS: f32 = -1.399;

/// The weights, in the order of the clues.
pub(super) const WEIGHTS: [f32; CLUES] = [
    0.0375,  // gain of two words
    0.5724,  // gain of three words
    0.0859,  // lead over rivals
    -0.4579, // several characters change
    -0.8537, // near sound
    -0.9452, // like shape
    1.7859,  // same sound and like shape
    1.5007,  // known confusion
    0.0305,  // cost of the word
    0.8818,  // three characters
    0.7356,  // four characters
    -0.9310, // odd one in a longer word
    -0.4877, // odd one in a word of the dictionary
    0.0457,  // word known after the one before
    0.0492,  // next word known after it
    -0.2531, // odd one is hardly ever alone
    -0.0750, // odd one is rare alone
    -0.0423, // rivals
    3.7506,  // seconded by a longer word
    -0.1964, // cost of the piece
    -0.2565, // lone characters around
    -0.3555, // cut before known
    -0.3700, // cut after known
    -0.9318, // may be a name
    -0.2241, // first of the gain
    0.0301,  // gain of known confusions
    1.7419,  // fixed phrase
    -0.0312, // gain of fixed phrases
    1.8723,  // four characters that are two words
    -0.2218, // in a word of the dictionary as it stands
    -0.3224, // cost in the dictionary
    2.0287,  // in the dictionary
    -2.4012, // same initial
    -4.7298, // nothing in common
    -1.2479, // item of a list
    5.2204,  // listed
    -2.1174, // odd one stands near by
];
