//! Dates in the formats that people write.

use postmend_core::date::Instant;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Formats a clock time with a pattern: `Y`, `M`, `D`, `h`, `i`, `s` are numbers with leading zeros, `m` and `d` have
/// none, `N` is the name of the month and `W` that of the weekday; everything else is copied.
pub fn write(pattern: &str, clock: Instant) -> String {
    let shown = clock.to_string();
    let part = |range: std::ops::Range<usize>| shown[range].to_owned();
    let number = |range: std::ops::Range<usize>| shown[range].parse::<usize>().expect("digits");
    let days = clock.0.div_euclid(86_400_000);
    let mut out = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // Words such as GMT are copied.
            'G' | 'U' | '(' => {
                out.push(letter);
                while let Some(next) = letters.next_if(|next| *next != '+') {
                    out.push(next);
                }
            }
            'Y' => out.push_str(&part(0..4)),
            'M' => out.push_str(&part(5..7)),
            'D' => out.push_str(&part(8..10)),
            'm' => out.push_str(&number(5..7).to_string()),
            'd' => out.push_str(&number(8..10).to_string()),
            'h' => out.push_str(&part(11..13)),
            'i' => out.push_str(&part(14..16)),
            's' => out.push_str(&part(17..19)),
            'N' => out.push_str(MONTHS[number(5..7) - 1]),
            'W' => out.push_str(WEEKDAYS[(days + 3).rem_euclid(7) as usize]),
            other => out.push(other),
        }
    }
    out
}
