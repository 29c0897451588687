//! The files of a batch: the output, and those that make it safe to stop at any moment.
//!
//! The first run appends to the output itself. A resumed run writes all results anew into
//! `OUTPUT.part`, so that lines without a response take their place in order, and puts it
//! in the output's place at the end. Results whose turn has not come are in `OUTPUT.journal`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::earlier::{Earlier, Stream};
use crate::exit::Failure;

pub(super) struct Files {
    output: PathBuf,
    part: PathBuf,
    journal: PathBuf,
    resumed: bool,
    /// Locked against a second batch.
    _lock: File,
}

/// The output of a batch, opened.
pub(super) struct Opened {
    pub(super) out: Box<dyn Write>,
    /// `None` when the output cannot be resumed: standard output, or a device.
    pub(super) files: Option<(Files, Journal)>,
    pub(super) earlier: Earlier,
}

/// Opens the output and reads the results that it has already.
pub(super) fn open(output: Option<&str>, resume: bool) -> Result<Opened, Failure> {
    let Some(output) = output.map(PathBuf::from) else {
        return Ok(Opened::new(io::stdout()));
    };
    let failed = |error: io::Error| Failure::input(&output.display().to_string(), &error);
    if fs::metadata(&output).is_ok_and(|metadata| !metadata.is_file()) {
        if resume {
            return Err(Failure::usage(format!(
                "{} is not a file, so --resume cannot continue from it",
                output.display()
            )));
        }
        let out = OpenOptions::new().write(true).open(&output);
        return Ok(Opened::new(out.map_err(failed)?));
    }
    let lock = OpenOptions::new().append(true).create(true).open(&output);
    let lock = lock.map_err(failed)?;
    if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
        return Err(Failure::usage(format!(
            "another batch is writing to {}",
            output.display()
        )));
    }
    let with_suffix = |suffix: &str| {
        let mut name = OsString::from(&output);
        name.push(suffix);
        PathBuf::from(name)
    };
    let files = Files {
        part: with_suffix(".part"),
        journal: with_suffix(".journal"),
        resumed: resume,
        _lock: lock,
        output,
    };
    let (out, earlier) = if resume {
        files.recover()?;
        let earlier = Earlier::read(&files.output, &files.journal)?;
        (File::create(&files.part), earlier)
    } else {
        let empty = fs::metadata(&files.output).is_ok_and(|metadata| metadata.len() == 0);
        if !empty || files.part.exists() || files.journal.exists() {
            return Err(Failure::usage(format!(
                "{} has results already: continue with --resume, or remove it",
                files.output.display()
            )));
        }
        let out = OpenOptions::new().append(true).open(&files.output);
        (out, Earlier::default())
    };
    let out = Box::new(out.map_err(|error| files.failed(&error))?);
    let journal = Journal::open(&files.journal).map_err(|error| files.failed(&error))?;
    Ok(Opened {
        out,
        files: Some((files, journal)),
        earlier,
    })
}

impl Opened {
    fn new(out: impl Write + 'static) -> Self {
        Self {
            out: Box::new(out),
            files: None,
            earlier: Earlier::default(),
        }
    }
}

impl Files {
    /// Moves all results into the output and removes the other files.
    pub(super) fn finish(&self, complete: bool) -> Result<(), Failure> {
        if self.resumed && complete {
            fs::rename(&self.part, &self.output).map_err(|error| self.failed(&error))?;
        } else if self.resumed {
            self.recover()?;
        }
        remove(&self.journal).map_err(|error| self.failed(&error))
    }

    /// Merges the results of an unfinished resumed run into the output. The newer result counts.
    fn recover(&self) -> Result<(), Failure> {
        if !self.part.exists() {
            return Ok(());
        }
        let merged = self.part.with_extension("merge");
        self.merge(&merged)?;
        fs::rename(&merged, &self.output)
            .and_then(|()| remove(&self.part))
            .map_err(|error| self.failed(&error))
    }

    fn merge(&self, target: &Path) -> Result<(), Failure> {
        let mut old = Stream::open(&self.output)?;
        let mut new = Stream::open(&self.part)?;
        let mut out = BufWriter::new(File::create(target).map_err(|error| self.failed(&error))?);
        loop {
            let (a, b) = (old.line()?, new.line()?);
            let result = match (a, b) {
                (None, None) => break,
                (Some(a), Some(b)) if a == b => {
                    old.take()?;
                    new.take()?
                }
                (Some(a), Some(b)) if a < b => old.take()?,
                (Some(_), None) => old.take()?,
                _ => new.take()?,
            };
            if let Some(result) = result {
                out.write_all(&result.text)?;
            }
        }
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        // It replaces the only copy of these results.
        Ok(file.sync_all()?)
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::input(&self.output.display().to_string(), error)
    }
}

/// Results that wait for their turn.
pub(super) struct Journal {
    file: File,
    size: usize,
}

/// Size beyond which results that are in the output are dropped from the journal.
const LARGEST: usize = 64 * 1024 * 1024;

impl Journal {
    fn open(path: &Path) -> io::Result<Self> {
        // Its content stays until the results are in the output.
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut journal = Self { file, size };
        if size > 0 {
            // Its last line may be cut off.
            journal.write(b"\n")?;
        }
        Ok(journal)
    }

    /// Adds a result; `waiting` holds the other ones.
    pub(super) fn add(
        &mut self,
        line: &[u8],
        waiting: &BTreeMap<u64, Vec<u8>>,
    ) -> Result<(), Failure> {
        if self.size > LARGEST {
            self.clear()?;
            for line in waiting.values() {
                self.write(line)?;
            }
        }
        Ok(self.write(line)?)
    }

    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        if self.size > 0 {
            self.file.set_len(0)?;
            self.size = 0;
        }
        Ok(())
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.size = self.size.saturating_add(line.len());
        self.file.write_all(line)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
