//! State that outlives the process: every record of every table in one redb file.
//!
//! redb because it is plain Rust, keeps everything in one file, is transactional, and syncs a
//! commit to disk before it says that it is done. fjall keeps a folder of journals and segments,
//! which is more than one developer's state needs, and SQLite is C.
//!
//! Writes are handed over in order and committed in groups: whatever arrived while the last commit
//! was on its way shares the next one. A response waits until its write is on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use redb::{ReadableDatabase, ReadableTable, TableDefinition};
use serde_json::Value;
use tokio::sync::watch;

use crate::state::{Change, State};

/// Records as JSON, by `table/key`.
const RECORDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("records");
/// Facts about the file itself.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// The entry of [`META`] that says how records are written.
const FORMAT: &str = "format";
/// How this version writes them.
const CURRENT_FORMAT: u64 = 1;

/// The table of events that the receiver has not accepted yet, beside those of the state.
pub(crate) const UNDELIVERED: &str = "webhooks";

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the data file {} cannot be used: {reason}", path.display())]
pub struct DataError {
    path: PathBuf,
    reason: String,
}

/// The content of a data file.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) state: State,
    /// Records of [`UNDELIVERED`].
    pub(crate) undelivered: Vec<Value>,
}

enum Job {
    /// The changes of one write.
    Write(Vec<Change>),
    /// Everything there is, in place of everything there was.
    Replace(Vec<Change>),
}

/// How far the file is.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// How many jobs are on disk.
    done: u64,
    /// Why there will be no more.
    failure: Option<Arc<str>>,
}

/// The data file of one server.
#[derive(Debug)]
pub(crate) struct Database {
    jobs: mpsc::Sender<Job>,
    /// How many jobs were handed over.
    given: AtomicU64,
    progress: watch::Receiver<Progress>,
}

impl Database {
    /// Opens or creates the file and reads its content.
    pub(crate) fn open(path: &Path) -> Result<(Self, Stored), DataError> {
        let error = |reason: String| DataError {
            path: path.to_owned(),
            reason,
        };
        let file = redb::Database::create(path).map_err(|failure| {
            error(match failure {
                redb::DatabaseError::DatabaseAlreadyOpen => "another server has it open".to_owned(),
                other => other.to_string(),
            })
        })?;
        let stored = load(&file).map_err(error)?;
        let (jobs, waiting) = mpsc::channel();
        let (sender, progress) = watch::channel(Progress::default());
        std::thread::Builder::new()
            .name("data file".into())
            .spawn(move || commit_groups(&file, &waiting, &sender))
            .map_err(|failure| error(failure.to_string()))?;
        let database = Self {
            jobs,
            given: AtomicU64::new(0),
            progress,
        };
        Ok((database, stored))
    }

    /// Hands over the changes of one write; calls have to come in the order of the writes.
    pub(crate) fn write(&self, changes: Vec<Change>) -> Result<(), String> {
        self.give(Job::Write(changes))
    }

    /// Hands over everything there is, in place of everything there was.
    pub(crate) fn replace(&self, records: Vec<Change>) -> Result<(), String> {
        self.give(Job::Replace(records))
    }

    fn give(&self, job: Job) -> Result<(), String> {
        if let Some(failure) = &self.progress.borrow().failure {
            return Err(failure.to_string());
        }
        self.given.fetch_add(1, Ordering::SeqCst);
        self.jobs.send(job).map_err(|_| stopped())
    }

    /// Waits until everything handed over so far is on disk.
    pub(crate) async fn flushed(&self) -> Result<(), String> {
        let given = self.given.load(Ordering::SeqCst);
        let mut progress = self.progress.clone();
        let reached = progress
            .wait_for(|progress| progress.done >= given || progress.failure.is_some())
            .await;
        match reached {
            Ok(progress) if progress.done >= given => Ok(()),
            Ok(progress) => Err(progress
                .failure
                .as_deref()
                .map_or_else(stopped, str::to_owned)),
            Err(_) => Err(stopped()),
        }
    }
}

fn stopped() -> String {
    "the data file is closed".to_owned()
}

/// Commits waiting jobs in groups, until the [`Database`] is dropped and the last job is done.
fn commit_groups(
    file: &redb::Database,
    waiting: &mpsc::Receiver<Job>,
    progress: &watch::Sender<Progress>,
) {
    while let Ok(first) = waiting.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(waiting.try_iter()).collect();
        match commit(file, &group) {
            Ok(()) => {
                let count = u64::try_from(group.len()).unwrap_or(u64::MAX);
                progress.send_modify(|progress| progress.done += count);
            }
            Err(failure) => {
                let failure = format!("the data file cannot be written: {failure}");
                progress.send_modify(|progress| progress.failure = Some(failure.into()));
                return;
            }
        }
    }
}

fn commit(file: &redb::Database, group: &[Job]) -> Result<(), redb::Error> {
    let transaction = file.begin_write()?;
    {
        let mut records = transaction.open_table(RECORDS)?;
        for job in group {
            let changes = match job {
                Job::Write(changes) => changes,
                Job::Replace(changes) => {
                    records.retain(|_, _| false)?;
                    changes
                }
            };
            for change in changes {
                let key = format!("{}/{}", change.table, change.key);
                match &change.record {
                    Some(record) => {
                        let text = record.to_string();
                        records.insert(key.as_str(), text.as_bytes())?;
                    }
                    None => {
                        records.remove(key.as_str())?;
                    }
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

fn load(file: &redb::Database) -> Result<Stored, String> {
    let is_new = prepare(file).map_err(|error| error.to_string())?;
    let mut state = State::default();
    if is_new {
        let records = vec![Job::Replace(state.records())];
        commit(file, &records).map_err(|error| error.to_string())?;
        let undelivered = Vec::new();
        return Ok(Stored { state, undelivered });
    }
    // The built-in call types are in the file, too, unless they were deleted.
    state.forget_call_types();
    let mut undelivered = Vec::new();
    for (key, record) in read(file).map_err(|error| error.to_string())? {
        let (table, key) = key.split_once('/').unwrap_or((&key, ""));
        let record: Value =
            serde_json::from_slice(&record).map_err(|error| format!("{table} {key}: {error}"))?;
        match table {
            UNDELIVERED => undelivered.push(record),
            table => state.restore(table, key, record)?,
        }
    }
    Ok(Stored { state, undelivered })
}

/// Makes sure that the file is one of this program and version; returns whether it was empty.
fn prepare(file: &redb::Database) -> Result<bool, Box<dyn std::error::Error>> {
    let transaction = file.begin_write()?;
    let format = {
        let mut meta = transaction.open_table(META)?;
        let known = meta.get(FORMAT)?.map(|format| format.value());
        if known.is_none() {
            meta.insert(FORMAT, CURRENT_FORMAT)?;
        }
        known
    };
    transaction.commit()?;
    match format {
        None => Ok(true),
        Some(CURRENT_FORMAT) => Ok(false),
        Some(other) => {
            Err(format!("it has format {other}, this version reads {CURRENT_FORMAT}").into())
        }
    }
}

fn read(file: &redb::Database) -> Result<Vec<(String, Vec<u8>)>, redb::Error> {
    let transaction = file.begin_read()?;
    let records = transaction.open_table(RECORDS)?;
    let mut all = Vec::new();
    for entry in records.iter()? {
        let (key, record) = entry?;
        all.push((key.value().to_owned(), record.value().to_owned()));
    }
    Ok(all)
}
