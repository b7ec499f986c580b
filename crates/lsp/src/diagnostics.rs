//! Findings as diagnostics.

use crate::client::Client;
use crate::open::Open;
use crate::text::PositionTable;
use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
};
use postmend_engine::report::page_url;
use postmend_rules::{Finding, Severity};

/// Rules whose findings are about text without effect.
const UNNECESSARY: [&str; 1] = ["unused-suppression"];

/// A finding as a diagnostic.
pub fn diagnostic(finding: &Finding, open: &Open, places: &PositionTable<'_>, client: &Client) -> Diagnostic {
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    };
    let message = match &*finding.help {
        "" => finding.message.clone().into_owned(),
        help => format!("{}\n{help}", finding.message),
    };
    let related = |span: &postmend_core::Span| DiagnosticRelatedInformation {
        location: Location { uri: open.uri.clone(), range: places.range(*span) },
        message: "compare".to_owned(),
    };
    let shows_related = client.relates && !finding.evidence.is_empty();
    Diagnostic {
        range: places.range(finding.span),
        severity: Some(severity),
        code: Some(finding.rule.into()),
        code_description: page_url(finding.rule).map(|page| CodeDescription { href: page.into() }),
        source: Some("postmend".to_owned()),
        message: message.into(),
        related_information: shows_related.then(|| finding.evidence.iter().map(related).collect()),
        tags: UNNECESSARY.contains(&finding.rule).then(|| vec![DiagnosticTag::Unnecessary]),
        data: None,
    }
}
