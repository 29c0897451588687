//! All tables, and what follows from them.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::call_types::{self, CallType};
use super::calls::Call;
use super::files::File;
use super::index::CallIndex;
use super::sessions::{Feedback, Session};
use super::sip::{RoutingRule, Trunk};
use super::table::{AnyTable, Change, Table};
use super::users::{ExternalStorage, Task, User};

/// All tables.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// By `type:id`.
    pub(crate) calls: Table<Call>,
    /// By name.
    pub(crate) call_types: Table<CallType>,
    /// By id.
    pub(crate) users: Table<User>,
    /// By id: what is left of users that were deleted with their data.
    pub(crate) erased_users: Table<User>,
    /// By id; a call lists those it had.
    pub(crate) sessions: Table<Session>,
    /// Recordings, transcriptions and frames, by `cid/session/filename`.
    pub(crate) files: Table<File>,
    /// By id, which grows.
    pub(crate) feedback: Table<Feedback>,
    pub(crate) trunks: Table<Trunk>,
    pub(crate) routing_rules: Table<RoutingRule>,
    pub(crate) tasks: Table<Task>,
    /// By name.
    pub(crate) storages: Table<ExternalStorage>,
    /// Follows `calls`.
    pub(crate) call_index: CallIndex,
    /// The last moment that something was given.
    last_moment: i64,
    /// When something happens by itself, and in which session.
    deadlines: OrdSet<(i64, Arc<str>)>,
    deadline_of: OrdMap<Arc<str>, i64>,
}

impl Default for State {
    fn default() -> Self {
        let mut state = Self {
            calls: Table::new("calls"),
            call_types: Table::new("call_types"),
            users: Table::new("users"),
            erased_users: Table::new("erased_users"),
            sessions: Table::new("sessions"),
            files: Table::new("files"),
            feedback: Table::new("feedback"),
            trunks: Table::new("trunks"),
            routing_rules: Table::new("routing_rules"),
            tasks: Table::new("tasks"),
            storages: Table::new("storages"),
            call_index: CallIndex::default(),
            last_moment: 0,
            deadlines: OrdSet::new(),
            deadline_of: OrdMap::new(),
        };
        for call_type in call_types::built_in() {
            let name = call_type.name.clone();
            state.call_types.put(&name, call_type);
        }
        state.forget_changes();
        state
    }
}

impl State {
    fn tables(&self) -> [&dyn AnyTable; 11] {
        [
            &self.calls,
            &self.call_types,
            &self.users,
            &self.erased_users,
            &self.sessions,
            &self.files,
            &self.feedback,
            &self.trunks,
            &self.routing_rules,
            &self.tasks,
            &self.storages,
        ]
    }

    fn tables_mut(&mut self) -> [&mut dyn AnyTable; 11] {
        [
            &mut self.calls,
            &mut self.call_types,
            &mut self.users,
            &mut self.erased_users,
            &mut self.sessions,
            &mut self.files,
            &mut self.feedback,
            &mut self.trunks,
            &mut self.routing_rules,
            &mut self.tasks,
            &mut self.storages,
        ]
    }

    /// The records that the write in progress changed.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.tables()
            .into_iter()
            .flat_map(AnyTable::changes)
            .collect()
    }

    /// Every record of every table.
    pub(crate) fn records(&self) -> Vec<Change> {
        self.tables()
            .into_iter()
            .flat_map(AnyTable::records)
            .collect()
    }

    /// Takes over a record that was kept elsewhere.
    ///
    /// # Errors
    ///
    /// An unknown table, or a record that does not fit it.
    pub(crate) fn restore(
        &mut self,
        table: &str,
        key: &str,
        record: serde_json::Value,
    ) -> Result<(), String> {
        let before = self.calls.shared(key).cloned();
        {
            let mut tables = self.tables_mut().into_iter();
            let found = tables.find(|known| known.name() == table);
            let found = found.ok_or_else(|| format!("there is no table {table}"))?;
            let restored = found.restore(key, record);
            restored.map_err(|error| format!("{table} {key}: {error}"))?;
        }
        match table {
            "sessions" => self.note_deadline(key),
            "calls" => {
                let after = self.calls.shared(key);
                self.call_index.follow(&key.into(), before.as_ref(), after);
            }
            _ => {}
        }
        Ok(())
    }

    /// Forgets all call types, built-in ones too: those of a data file replace them.
    pub(crate) fn forget_call_types(&mut self) {
        self.call_types = Table::new("call_types");
    }

    pub(super) fn forget_changes(&mut self) {
        for (cid, before, after) in self.calls.touched() {
            self.call_index.follow(cid, before, after);
        }
        for table in self.tables_mut() {
            table.forget_changes();
        }
    }

    /// A moment for something new: `now`, but never the same twice, so that order by time is
    /// stable. A clock that was set back is followed.
    pub(crate) fn next_moment(&mut self, now: i64) -> i64 {
        const CLOSE: i64 = 1_000_000;
        let is_close = now <= self.last_moment && self.last_moment.saturating_sub(now) < CLOSE;
        self.last_moment = if is_close {
            self.last_moment.saturating_add(1)
        } else {
            now
        };
        self.last_moment
    }

    /// The next moment at which something happens by itself.
    pub(crate) fn next_deadline(&self) -> Option<i64> {
        self.deadlines.get_min().map(|(moment, _)| *moment)
    }

    /// The session whose time has come.
    pub(crate) fn due_session(&self, now: i64) -> Option<Arc<str>> {
        let (moment, session) = self.deadlines.get_min()?;
        (*moment <= now).then(|| Arc::clone(session))
    }

    /// Notes when a session ends by itself; call it after every change of one.
    pub(crate) fn note_deadline(&mut self, session_id: &str) {
        let key: Arc<str> = session_id.into();
        if let Some(before) = self.deadline_of.remove(&key) {
            self.deadlines.remove(&(before, Arc::clone(&key)));
        }
        if let Some(deadline) = self.sessions.get(session_id).and_then(Session::deadline) {
            self.deadline_of.insert(Arc::clone(&key), deadline);
            self.deadlines.insert((deadline, key));
        }
    }
}
