//! Runs jobs in a different order in each round, and collects their measurements.

use super::measure::{MeasuredCommand, MeasuredRun};
use postmend_tests::made::Random;
use std::path::{Path, PathBuf};

/// The measurements of a job in each round.
#[derive(Debug, Clone)]
pub(super) struct Measurements {
    pub(super) name: String,
    pub(super) runs: Vec<MeasuredRun>,
}

/// The values of one measurement, sorted.
#[derive(Debug, Clone)]
pub(super) struct Sample(Vec<f64>);

impl Sample {
    pub(super) fn new(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        Self(numbers)
    }

    pub(super) fn least(&self) -> f64 {
        self.at(0.0)
    }

    pub(super) fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub(super) fn most(&self) -> f64 {
        self.at(1.0)
    }

    /// The quantile for `part` from 0 to 1, interpolated linearly.
    pub(super) fn at(&self, part: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return f64::NAN };
        let position = part * last as f64;
        let (low, high) = (self.0[position.floor() as usize], self.0[position.ceil() as usize]);
        low + (high - low) * position.fract()
    }
}

impl Measurements {
    pub(super) fn wall(&self) -> Sample {
        self.sample(|run| run.wall)
    }

    pub(super) fn cpu(&self) -> Sample {
        self.sample(|run| run.cpu)
    }

    /// The maximum peak memory of all rounds, in megabytes.
    pub(super) fn peak(&self) -> f64 {
        self.sample(|run| run.peak).most() / 1e6
    }

    fn sample(&self, number: impl Fn(&MeasuredRun) -> f64) -> Sample {
        Sample::new(self.runs.iter().map(number).collect())
    }

    /// The ratios to another job in each round: noise affects both jobs of a round alike.
    pub(super) fn ratio(&self, other: &Self, number: impl Fn(&MeasuredRun) -> f64) -> Sample {
        let pairs = self.runs.iter().zip(&other.runs);
        Sample::new(pairs.map(|(own, other)| number(own) / number(other)).collect())
    }

    pub(super) fn cpu_ratio(&self, other: &Self) -> f64 {
        self.ratio(other, |run| run.cpu).median()
    }

    pub(super) fn wall_ratio(&self, other: &Self) -> f64 {
        self.ratio(other, |run| run.wall).median()
    }
}

/// Runs each job once in each round, and once before as a warm-up of the page cache, which is not counted. `prepare`
/// is called before each run. The output of the jobs is kept in the folder `printed`.
pub(super) fn take(
    measure: &Path,
    jobs: &[MeasuredCommand],
    rounds: usize,
    printed: &Path,
    mut prepare: impl FnMut(&MeasuredCommand) -> Result<(), String>,
) -> Result<Vec<Measurements>, String> {
    let mut taken: Vec<Measurements> =
        jobs.iter().map(|job| Measurements { name: job.name.clone(), runs: Vec::new() }).collect();
    let mut random = Random::new(41);
    for round in 0..=rounds {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        random.shuffle(&mut order);
        for number in order {
            prepare(&jobs[number])?;
            let run = jobs[number].run(measure, &printed_by(printed, number))?;
            if round > 0 {
                taken[number].runs.push(run);
            }
        }
    }
    Ok(taken)
}

/// The path for a job's output.
pub(super) fn printed_by(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number:02}.txt"))
}
