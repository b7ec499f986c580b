//! Writes the same date in a form that its generator reads as the same instant, verified with the generator's
//! model.

use super::Dated;
use super::address::AddressChange;
use crate::finding::{Fix, Safety};
use crate::post_context::PostContext;
use postmend_core::date::{Instant, Shape, TimeZone, Zones};
use postmend_core::front::{Style, Syntax, Value};
use postmend_core::{Document, Edit, Generator};

/// Time zones of other machines that may build the site: a form that all of them read alike is preferred.
const MACHINES: [&str; 3] = ["UTC", "Asia/Shanghai", "America/New_York"];

/// A way to write a date.
struct DateForm {
    text: String,
    quoted: bool,
}

impl DateForm {
    /// The instant that the generator reads.
    fn reading(&self, syntax: Syntax, context: &PostContext<'_>, zones: &Zones) -> Option<Instant> {
        let value = if self.quoted || syntax == Syntax::Json {
            Value::Text((&*self.text).into())
        } else {
            Value::Timestamp((&*self.text).into())
        };
        context.date_reader(&value, zones).outcome(context.generator).and_then(|outcome| outcome.instant())
    }
}

/// A fix that keeps the instant, or the day and time if no zone is known. It is safe only if the instant is
/// known, or the config says which time zone to assume.
pub(crate) fn fix_date(dated: &Dated<'_>, document: &Document<'_>, context: &PostContext<'_>) -> Option<Fix> {
    let syntax = document.front.matter.as_ref().map_or(Syntax::Yaml, |matter| matter.syntax);
    let form = best_form(dated, syntax, context)?;
    let sure = !dated.written.wrong_weekday
        && dated.written.shape != Shape::Digits
        && (dated.intended.is_some() || context.site.dates.assumed.is_some());
    let to = dated.intended.or_else(|| form.reading(syntax, context, &context.zones()));
    let moved = to.and_then(|to| AddressChange::of(dated, document, context, (to, &form.text)));
    let safety = if sure && moved.is_none() { Safety::Safe } else { Safety::Review };
    let text = match (syntax, form.quoted) {
        (Syntax::Yaml, true) => format!("'{}'", form.text),
        (Syntax::Json, _) | (Syntax::Toml, true) => format!("\"{}\"", form.text),
        _ => form.text,
    };
    // An empty value comes directly after its colon.
    let gap = if dated.field.style == Style::Empty { " " } else { "" };
    let consequence = moved.map_or_else(String::new, |moved| format!(", {}", moved.describe()));
    let title = format!("write {text}{consequence}");
    Some(Fix::new(title, safety, Edit::replace(dated.field.span, format!("{gap}{text}"))))
}

fn best_form(dated: &Dated<'_>, syntax: Syntax, context: &PostContext<'_>) -> Option<DateForm> {
    let zones = context.zones();
    let forms = forms(dated, &zones, context.site.dates.assumed.as_ref())?;
    if context.generator == Generator::None {
        return forms.into_iter().next();
    }
    let works = |form: &DateForm, machine: &TimeZone| {
        let zones = Zones { site: zones.site.clone(), machine: machine.clone() };
        let read = form.reading(syntax, context, &zones);
        read.is_some_and(|read| dated.intended.is_none_or(|intended| intended == read))
    };
    let machines: Vec<TimeZone> = MACHINES.iter().filter_map(|name| TimeZone::get(name).ok()).collect();
    let everywhere =
        |form: &DateForm| works(form, &zones.machine) && machines.iter().all(|machine| works(form, machine));
    let best = forms.iter().position(everywhere);
    let best = best.or_else(|| forms.iter().position(|form| works(form, &zones.machine)));
    forms.into_iter().nth(best?)
}

/// The ways to write the date, best first.
fn forms(dated: &Dated<'_>, zones: &Zones, assumed: Option<&TimeZone>) -> Option<Vec<DateForm>> {
    let written = &dated.written;
    let plain = |text: String| DateForm { text, quoted: false };
    let Some(intended) = dated.intended else {
        // The name of a zone that cannot be resolved for certain must not be lost.
        let is_certain = written.ambiguity.is_none() && written.shape != Shape::NamedZone;
        return Some(vec![plain(written.normal_form().filter(|_| is_certain)?)]);
    };
    let own = match written.offset {
        Some(_) => written.normal_form()?,
        None => intended.rfc3339_in(assumed?)?,
    };
    let clock = intended.clock_in(zones.site_or_machine());
    let mut forms = vec![plain(own.clone()), DateForm { text: own, quoted: true }];
    forms.extend(clock.map(plain));
    Some(forms)
}
