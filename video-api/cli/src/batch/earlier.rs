//! Results of an earlier run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::exit::Failure;

/// The part of a result that resuming needs.
#[derive(Deserialize)]
struct Head {
    line: u64,
    ok: bool,
    status: Option<u16>,
    attempts: u32,
    error: Option<ErrorHead>,
    input: String,
}

#[derive(Deserialize)]
struct ErrorHead {
    #[serde(default)]
    retryable: bool,
}

/// Ordered: of two results for a line, the greater one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Never sent, or certainly not processed, or harmless to repeat.
    Repeatable,
    /// Sent, but it is unknown whether it was processed.
    Uncertain,
    /// The server responded.
    Final,
}

/// A result as it was written.
pub(super) struct Entry {
    head: Head,
    pub(super) text: Vec<u8>,
}

impl Entry {
    fn read(text: Vec<u8>) -> Option<Self> {
        Some(Self {
            head: serde_json::from_slice(&text).ok()?,
            text,
        })
    }

    fn kept(&self) -> Kept {
        match self.state() {
            State::Final if self.head.ok => Kept::Ok,
            State::Uncertain => Kept::Uncertain,
            State::Final | State::Repeatable => Kept::Failed,
        }
    }

    fn state(&self) -> State {
        let retryable = self
            .head
            .error
            .as_ref()
            .is_some_and(|error| error.retryable);
        match self.head.status {
            Some(_) => State::Final,
            None if self.head.attempts == 0 || retryable => State::Repeatable,
            None => State::Uncertain,
        }
    }
}

/// The outcome of a line in an earlier run that is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Ok,
    Failed,
    /// It may have been processed.
    Uncertain,
}

/// The decision about a line.
pub(super) enum Verdict {
    Send,
    Keep { record: Vec<u8>, kept: Kept },
}

/// The results of earlier runs, requested in the order of the lines.
#[derive(Default)]
pub(super) struct Earlier {
    output: Option<Stream>,
    journal: BTreeMap<u64, Entry>,
}

impl Earlier {
    pub(super) fn read(output: &Path, journal: &Path) -> Result<Self, Failure> {
        let mut waiting = BTreeMap::new();
        match File::open(journal) {
            Ok(file) => {
                for text in BufReader::new(file).split(b'\n') {
                    let mut text = text
                        .map_err(|error| Failure::input(&journal.display().to_string(), &error))?;
                    text.push(b'\n');
                    // A line that was cut off is not a result.
                    if let Some(result) = Entry::read(text) {
                        waiting.insert(result.head.line, result);
                    }
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::input(&journal.display().to_string(), &error)),
        }
        Ok(Self {
            output: Some(Stream::open(output)?),
            journal: waiting,
        })
    }

    /// Decides about a line with this fingerprint.
    pub(super) fn about(
        &mut self,
        line: u64,
        input: &str,
        retry_uncertain: bool,
    ) -> Result<Verdict, Failure> {
        let written = match &mut self.output {
            Some(output) => output.up_to(line)?,
            None => None,
        };
        let known = [written, self.journal.remove(&line)].into_iter().flatten();
        let Some(result) = known.max_by_key(Entry::state) else {
            return Ok(Verdict::Send);
        };
        match result.state() {
            State::Repeatable => return Ok(Verdict::Send),
            State::Uncertain if retry_uncertain => return Ok(Verdict::Send),
            State::Uncertain | State::Final => {}
        }
        if result.head.input != input {
            return Err(changed(line));
        }
        Ok(Verdict::Keep {
            kept: result.kept(),
            record: result.text,
        })
    }

    /// The next result of a line after the end of the input.
    pub(super) fn next_rest(&mut self) -> Result<Option<(Vec<u8>, Kept)>, Failure> {
        let rest = match &mut self.output {
            Some(output) => output.take()?,
            None => None,
        };
        Ok(rest.map(|result| {
            let kept = result.kept();
            (result.text, kept)
        }))
    }
}

fn changed(line: u64) -> Failure {
    Failure::usage(format!(
        "line {line} of the input differs from the one that was sent; --resume needs the same input"
    ))
}

/// The results in a file, in ascending order of their lines.
pub(super) struct Stream {
    path: PathBuf,
    reader: BufReader<File>,
    count: u64,
    ahead: Option<Entry>,
}

impl Stream {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path)
            .map_err(|error| Failure::input(&path.display().to_string(), &error))?;
        Ok(Self {
            path: path.to_owned(),
            reader: BufReader::new(file),
            count: 0,
            ahead: None,
        })
    }

    /// The line of the next result.
    pub(super) fn line(&mut self) -> Result<Option<u64>, Failure> {
        self.fill()?;
        Ok(self.ahead.as_ref().map(|result| result.head.line))
    }

    pub(super) fn take(&mut self) -> Result<Option<Entry>, Failure> {
        self.fill()?;
        Ok(self.ahead.take())
    }

    /// The result of this line. Lines must be requested in ascending order.
    fn up_to(&mut self, line: u64) -> Result<Option<Entry>, Failure> {
        while self.line()?.is_some_and(|next| next <= line) {
            match self.take()? {
                Some(result) if result.head.line == line => return Ok(Some(result)),
                Some(result) if result.state() == State::Final => {
                    return Err(changed(result.head.line));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn fill(&mut self) -> Result<(), Failure> {
        if self.ahead.is_some() {
            return Ok(());
        }
        let mut text = Vec::new();
        let read = self.reader.read_until(b'\n', &mut text);
        read.map_err(|error| Failure::input(&self.path.display().to_string(), &error))?;
        self.count += 1;
        // Without its end, a line was cut off when the run stopped.
        if text.last() != Some(&b'\n') {
            return Ok(());
        }
        match Entry::read(text) {
            Some(result) => self.ahead = Some(result),
            None => {
                let (path, count) = (self.path.display(), self.count);
                return Err(Failure::usage(format!(
                    "{path}, line {count}: not a result of a batch"
                )));
            }
        }
        Ok(())
    }
}
