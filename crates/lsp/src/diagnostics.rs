//! Findings as diagnostics.

use crate::client::Client;
use crate::open::Open;
use crate::text::Places;
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString,
};
use postmend_engine::report::page_url;
use postmend_rules::{Finding, Severity};

/// Findings of these rules are about text that does nothing.
const UNNECESSARY: [&str; 1] = ["unused-suppression"];

/// A finding of a document.
pub fn diagnostic(finding: &Finding, open: &Open, places: &Places<'_>, client: &Client) -> Diagnostic {
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
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
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        code_description: page(finding.rule),
        source: Some("postmend".to_owned()),
        message,
        related_information: shows_related.then(|| finding.evidence.iter().map(related).collect()),
        tags: UNNECESSARY.contains(&finding.rule).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

/// Where a rule's page can be read.
fn page(rule: &str) -> Option<CodeDescription> {
    Some(CodeDescription { href: page_url(rule)?.parse().ok()? })
}
