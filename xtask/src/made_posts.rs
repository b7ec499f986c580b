//! Posts with dates in every format that people write, and the correct instants.

use postmend_core::date::Instant;
use postmend_tests::date_forms;

/// A post with its expected data.
pub(crate) struct DatedPost {
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) title: String,
    pub(crate) tags: Vec<String>,
    /// The instant of its date; `None` if the date has no time zone.
    pub(crate) names: Option<Instant>,
    /// The instant of its clock time in Asia/Shanghai; `None` if the date has a time zone, or has no time.
    pub(crate) in_shanghai: Option<Instant>,
}

/// A format of dates.
struct DatedForm {
    /// A pattern for `date_forms::write`.
    pattern: &'static str,
    zone: FormZone,
}

enum FormZone {
    Utc,
    /// +08:00
    EightHours,
    /// A clock time without a time zone.
    Unsaid,
    /// A day without a time.
    Day,
}

const FORMS: [DatedForm; 20] = [
    DatedForm { pattern: "Y-M-D h:i:s", zone: FormZone::Unsaid },
    DatedForm { pattern: "Y-M-DTh:i:sZ", zone: FormZone::Utc },
    DatedForm { pattern: "Y-M-DTh:i:s+08:00", zone: FormZone::EightHours },
    DatedForm { pattern: "'Y-M-DTh:i:s+08:00'", zone: FormZone::EightHours },
    DatedForm { pattern: "W, D N Y h:i:s GMT", zone: FormZone::Utc },
    DatedForm { pattern: "\"W, D N Y h:i:s GMT\"", zone: FormZone::Utc },
    DatedForm { pattern: "W, D N Y h:i:s +0800", zone: FormZone::EightHours },
    DatedForm { pattern: "Y-M-D", zone: FormZone::Day },
    DatedForm { pattern: "'Y-M-D'", zone: FormZone::Day },
    DatedForm { pattern: "Y/m/d h:i", zone: FormZone::Unsaid },
    DatedForm { pattern: "Y-M-D h:i:s +0800", zone: FormZone::EightHours },
    DatedForm { pattern: "Y-M-DTh:i:s+0800", zone: FormZone::EightHours },
    DatedForm { pattern: "\"Y-M-D h:i:s\"", zone: FormZone::Unsaid },
    DatedForm { pattern: "W N D Y h:i:s GMT+0800 (China Standard Time)", zone: FormZone::EightHours },
    DatedForm { pattern: "Y-M-D h:i", zone: FormZone::Unsaid },
    DatedForm { pattern: "Y-M-D h:i:s UTC", zone: FormZone::Utc },
    DatedForm { pattern: "Y-M-D h:i:s +8", zone: FormZone::EightHours },
    DatedForm { pattern: "Y年m月d日", zone: FormZone::Day },
    DatedForm { pattern: "Y.M.D", zone: FormZone::Day },
    DatedForm { pattern: "Y-M-DTh:i:s.000Z", zone: FormZone::Utc },
];

/// Generates posts, the same ones each time.
pub(crate) fn posts(count: usize) -> Vec<DatedPost> {
    (0..count).map(post).collect()
}

fn post(number: usize) -> DatedPost {
    let form = &FORMS[number % FORMS.len()];
    // The steps are chosen so that every month, day and hour occurs.
    let minutes = 52_560_000 - (number as i64 * 21_787) + (number as i64 % 7);
    let clock = Instant((minutes - 29_000_000) * 60_000 + (number as i64 * 17 % 60) * 1000);
    let written = date_forms::write(form.pattern, clock);
    let eight_hours = |Instant(at)| Instant(at - 8 * 3_600_000);
    let to_minute = |Instant(at): Instant| Instant(at - at.rem_euclid(60_000));
    let clock =
        if form.pattern.contains("i") && !form.pattern.contains(":s") { to_minute(clock) } else { clock };
    let names = match form.zone {
        FormZone::Utc => Some(clock),
        FormZone::EightHours => Some(eight_hours(clock)),
        FormZone::Unsaid | FormZone::Day => None,
    };
    let in_shanghai = matches!(form.zone, FormZone::Unsaid).then(|| eight_hours(clock));
    let (title, written_title) = title(number);
    let tags = [["tide", "harbour"], ["潮汐", "港口"]][number % 2].map(str::to_owned);
    let written_tags = if number.is_multiple_of(3) {
        format!("tags: [{}, {}]", tags[0], tags[1])
    } else {
        format!("tags:\n  - {}\n  - {}", tags[0], tags[1])
    };
    let text =
        format!("---\ntitle: {written_title}\ndate: {written}\n{written_tags}\n---\n\nThe sea came up.\n");
    let mut tags = tags.to_vec();
    tags.sort();
    DatedPost { file: format!("2022-02-07-post-{number:03}.md"), text, title, tags, names, in_shanghai }
}

fn title(number: usize) -> (String, String) {
    match number % 5 {
        0 => (format!("Tide {number}"), format!("Tide {number}")),
        1 => (format!("Tide: number {number}"), format!("'Tide: number {number}'")),
        2 => (format!("潮汐 {number}"), format!("潮汐 {number}")),
        3 => (format!("It's tide {number}"), format!("\"It's tide {number}\"")),
        _ => (format!("Tide #{number}"), format!("'Tide #{number}'")),
    }
}
