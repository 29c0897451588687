//! Results of an earlier run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::exit::Failure;

/// What resuming has to know about a result.
#[derive(Deserialize)]
struct Head {
    line: u64,
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

/// From what is done again to what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Never sent, or certainly not processed, or harmless to repeat.
    Again,
    /// Sent, and nobody knows what became of it.
    Uncertain,
    Answered,
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

    fn state(&self) -> State {
        let retryable = self
            .head
            .error
            .as_ref()
            .is_some_and(|error| error.retryable);
        match self.head.status {
            Some(_) => State::Answered,
            None if self.head.attempts == 0 || retryable => State::Again,
            None => State::Uncertain,
        }
    }
}

/// What to do with a line.
pub(super) enum Verdict {
    /// It has no answer yet.
    Do,
    Keep {
        record: Vec<u8>,
        uncertain: bool,
    },
}

/// All results of earlier runs, asked for in the order of the lines.
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
                    // A line that was cut off is no result.
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

    /// What is known about a line with this fingerprint.
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
            return Ok(Verdict::Do);
        };
        let uncertain = match result.state() {
            State::Again => return Ok(Verdict::Do),
            State::Uncertain if retry_uncertain => return Ok(Verdict::Do),
            state => state == State::Uncertain,
        };
        if result.head.input != input {
            return Err(changed(line));
        }
        Ok(Verdict::Keep {
            record: result.text,
            uncertain,
        })
    }

    /// Results of lines behind the end of the input.
    pub(super) fn copy_rest(&mut self, out: &mut dyn Write) -> Result<(), Failure> {
        if let Some(output) = &mut self.output {
            while let Some(result) = output.take()? {
                out.write_all(&result.text)?;
            }
        }
        Ok(())
    }
}

fn changed(line: u64) -> Failure {
    Failure::usage(format!(
        "line {line} of the input is not the one that was answered; --resume needs the same input"
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

    /// The line that the next result belongs to.
    pub(super) fn line(&mut self) -> Result<Option<u64>, Failure> {
        self.fill()?;
        Ok(self.ahead.as_ref().map(|result| result.head.line))
    }

    pub(super) fn take(&mut self) -> Result<Option<Entry>, Failure> {
        self.fill()?;
        Ok(self.ahead.take())
    }

    /// The result of this line, which must not be before one that was asked for.
    fn up_to(&mut self, line: u64) -> Result<Option<Entry>, Failure> {
        while self.line()?.is_some_and(|next| next <= line) {
            match self.take()? {
                Some(result) if result.head.line == line => return Ok(Some(result)),
                Some(result) if result.state() == State::Answered => {
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
