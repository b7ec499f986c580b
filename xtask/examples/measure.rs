//! Runs a command, its output into a file, and tells what it took in a line of JSON: `measure FILE COMMAND…`.
//!
//! A child begins with the memory of the process that starts it, and its peak is never told as less. So this is a
//! program of its own, which has little.

use std::fs::File;
use std::io;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use wait4::Wait4;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(printed), Some(program)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: measure FILE COMMAND…");
        return ExitCode::from(2);
    };
    let mut command = Command::new(&program);
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    // A file and no null device, as some tools print less to that.
    let measured = File::create(printed).and_then(|out| {
        command.stderr(out.try_clone()?).stdout(out);
        measure(&mut command)
    });
    match measured {
        Ok(measured) => {
            println!("{measured}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: cannot run {}: {error}", program.display());
            ExitCode::from(2)
        }
    }
}

/// In seconds and bytes; processor time is the user's and the system's, of the command and all that it started.
fn measure(command: &mut Command) -> io::Result<String> {
    let start = Instant::now();
    let used = command.spawn()?.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    let (cpu, peak) = ((used.rusage.utime + used.rusage.stime).as_secs_f64(), used.rusage.maxrss);
    // -1 is a signal.
    let code = used.status.code().unwrap_or(-1);
    Ok(format!("{{\"code\": {code}, \"wall\": {wall}, \"cpu\": {cpu}, \"peak\": {peak}}}"))
}
