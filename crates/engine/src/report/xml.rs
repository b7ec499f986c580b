//! The XML formats that CI servers read: JUnit and Checkstyle.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{Fragment, Part, Sink, Text, XmlForm};
use crate::examine::Examined;
use postmend_core::lines::Position;
use postmend_rules::Finding;
use std::io;
use std::path::Path;

const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A test suite for each post, with a failed test for each finding; a post without findings has one test that passed.
#[derive(Debug, Default)]
pub(super) struct JUnit {
    is_open: bool,
}

impl Printer for JUnit {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        self.open(out)?;
        let path: Fragment<XmlForm> = Fragment::of(&[&Text(&path.to_string_lossy())]);
        let failures = examined.findings.len();
        let tests = failures.max(1);
        let counts: [&dyn Part<XmlForm>; 4] = [&"\" tests=\"", &tests, &"\" failures=\"", &failures];
        out.put::<XmlForm>(&[&"<testsuite name=\"", &path])?;
        out.put::<XmlForm>(&counts)?;
        out.put::<XmlForm>(&[&"\" errors=\"0\" time=\"0\">\n"])?;
        if failures == 0 {
            out.put::<XmlForm>(&[
                &"<testcase name=\"no findings\" classname=\"",
                &path,
                &"\" time=\"0\"/>\n",
            ])?;
        }
        examined.findings.iter().try_for_each(|(finding, start, _)| failed(out, &path, finding, *start))?;
        out.put::<XmlForm>(&[&"</testsuite>\n"])
    }

    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        self.open(out)?;
        out.put::<XmlForm>(&[&"</testsuites>\n"])
    }
}

/// Writes the failed test for a finding.
fn failed(
    out: &mut Sink<'_>,
    path: &Fragment<XmlForm>,
    finding: &Finding,
    start: Position,
) -> io::Result<()> {
    let position = Fragment::<XmlForm>::of(&[&start.line, &":", &start.column]);
    let (rule, severity, message) = (Text(finding.rule), finding.severity.name(), Text(&finding.message));
    out.put::<XmlForm>(&[&"<testcase name=\"", &rule, &" at ", &position, &"\" classname=\"", path])?;
    out.put::<XmlForm>(&[&"\" time=\"0\"><failure type=\"", &severity, &"\" message=\"", &message, &"\">"])?;
    let help = Text(&finding.help);
    out.put::<XmlForm>(&[path, &":", &position, &": ", &message, &"\n", &help, &"</failure></testcase>\n"])
}

impl JUnit {
    fn open(&mut self, out: &mut Sink<'_>) -> io::Result<()> {
        if !self.is_open {
            self.is_open = true;
            out.put::<XmlForm>(&[&OPENING, &"<testsuites name=\"postmend\">\n"])?;
        }
        Ok(())
    }
}

/// A `file` element for each post with findings.
#[derive(Debug, Default)]
pub(super) struct Checkstyle {
    is_open: bool,
}

impl Printer for Checkstyle {
    fn add(&mut self, out: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        self.open(out)?;
        out.put::<XmlForm>(&[&"<file name=\"", &Text(&path.to_string_lossy()), &"\">\n"])?;
        for (finding, start, _) in &examined.findings {
            let (severity, rule, message) =
                (finding.severity.name(), Text(finding.rule), Text(&finding.message));
            out.put::<XmlForm>(&[&"<error line=\"", &start.line, &"\" column=\"", &start.column])?;
            out.put::<XmlForm>(&[&"\" severity=\"", &severity, &"\" message=\"", &message])?;
            out.put::<XmlForm>(&[&"\" source=\"postmend.", &rule, &"\"/>\n"])?;
        }
        out.put::<XmlForm>(&[&"</file>\n"])
    }

    fn end(&mut self, out: &mut Sink<'_>, _: &Tally) -> io::Result<()> {
        self.open(out)?;
        out.put::<XmlForm>(&[&"</checkstyle>\n"])
    }
}

impl Checkstyle {
    fn open(&mut self, out: &mut Sink<'_>) -> io::Result<()> {
        if !self.is_open {
            self.is_open = true;
            out.put::<XmlForm>(&[&OPENING, &"<checkstyle version=\"4.3\">\n"])?;
        }
        Ok(())
    }
}
