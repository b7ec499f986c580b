//! Options that accept one of several names.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use postmend_core::Generator;
use std::fmt::Display;
use std::str::FromStr;

/// A parser that accepts one of these names, each with a line of help.
pub fn one_of<T, const N: usize>(
    choices: [(T, &'static str, &'static str); N],
) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: Display,
{
    let values = choices.map(|(_, name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).try_map(|name| name.parse().map_err(|error: T::Err| error.to_string()))
}

/// Parses the name of a generator.
///
/// # Errors
/// There is no generator with that name.
pub fn generator(name: &str) -> Result<Generator, String> {
    name.parse().map_err(|_| {
        let names: Vec<&str> = Generator::ALL.iter().map(|generator| generator.name()).collect();
        format!("unknown generator, expected one of {}", names.join(", "))
    })
}
