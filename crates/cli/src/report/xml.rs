//! The XML formats that build servers read: JUnit's and Checkstyle's.

use super::shown::{self, visible_text};
use super::{Printer, Tally};
use crate::run::Examined;
use std::io::{self, Write};
use std::path::Path;

const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A test suite for each post, a failed test for each finding; a clean post is one test that passed.
#[derive(Debug, Default)]
pub(super) struct JUnit {
    is_open: bool,
}

impl Printer for JUnit {
    fn add(&mut self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        self.open(out)?;
        let path = escaped(&path.to_string_lossy());
        let failures = examined.findings.len();
        let tests = failures.max(1);
        writeln!(
            out,
            "<testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">"
        )?;
        if failures == 0 {
            writeln!(out, "<testcase name=\"no findings\" classname=\"{path}\" time=\"0\"/>")?;
        }
        for (finding, start, _) in &examined.findings {
            let (rule, severity) = (finding.rule, finding.severity.name());
            let place = format!("{}:{}", start.line, start.column);
            let (message, help) = (escaped(&finding.message), escaped(&finding.help));
            writeln!(
                out,
                "<testcase name=\"{rule} at {place}\" classname=\"{path}\" time=\"0\">\
                 <failure type=\"{severity}\" message=\"{message}\">{path}:{place}: {message}\n{help}</failure></testcase>"
            )?;
        }
        writeln!(out, "</testsuite>")
    }

    fn end(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        self.open(out)?;
        writeln!(out, "</testsuites>")
    }
}

impl JUnit {
    fn open(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if !self.is_open {
            self.is_open = true;
            writeln!(out, "{OPENING}<testsuites name=\"postmend\">")?;
        }
        Ok(())
    }
}

/// A file element for each post that has findings.
#[derive(Debug, Default)]
pub(super) struct Checkstyle {
    is_open: bool,
}

impl Printer for Checkstyle {
    fn add(&mut self, out: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        self.open(out)?;
        writeln!(out, "<file name=\"{}\">", escaped(&path.to_string_lossy()))?;
        for (finding, start, _) in &examined.findings {
            let severity = finding.severity.name();
            writeln!(
                out,
                "<error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"postmend.{}\"/>",
                start.line,
                start.column,
                escaped(&finding.message),
                finding.rule
            )?;
        }
        writeln!(out, "</file>")
    }

    fn end(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        self.open(out)?;
        writeln!(out, "</checkstyle>")
    }
}

impl Checkstyle {
    fn open(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if !self.is_open {
            self.is_open = true;
            writeln!(out, "{OPENING}<checkstyle version=\"4.3\">")?;
        }
        Ok(())
    }
}

/// Text as XML takes it; control characters have no place there.
fn escaped(text: &str) -> String {
    shown::escaped(&visible_text(text)).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}
