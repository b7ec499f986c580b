//! Features that a build may leave out.

use postmend_engine::trouble::Trouble;

/// The trouble for a feature that was left out.
pub fn missing_feature(what: &str, feature: &str) -> Trouble {
    Trouble::new(
        format!("this postmend was built without {what}"),
        format!("build it with `--features {feature}`"),
    )
}
