//! Calls in the orders and by the users that queries ask for.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::calls::Call;

/// Calls by a moment, and by id where that is the same.
pub(crate) type ByTime = OrdMap<(i64, Arc<str>), Arc<Call>>;

/// Reads a time of a call.
type TimeOf = fn(&Call) -> Option<i64>;

/// The fields with an order of their own.
const TIMES: [(&str, TimeOf); 4] = [
    ("created_at", |call| Some(call.created_at)),
    ("updated_at", |call| Some(call.updated_at)),
    ("starts_at", |call| call.starts_at),
    ("ended_at", |call| call.ended_at),
];

/// What is known about calls beside the calls themselves; it follows every change of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallIndex {
    by_time: [ByTime; TIMES.len()],
    by_user: OrdMap<Arc<str>, OrdSet<Arc<str>>>,
}

impl CallIndex {
    /// Calls in the order of a time field; those that have no such time are not in it.
    pub(crate) fn by_time(&self, field: &str) -> Option<&ByTime> {
        let position = TIMES.iter().position(|(name, _)| *name == field)?;
        self.by_time.get(position)
    }

    /// The calls that a user made or is a member of.
    pub(crate) fn of_user(&self, user: &str) -> impl Iterator<Item = &Arc<str>> {
        self.by_user.get(user).into_iter().flatten()
    }

    /// Follows a change of one call.
    pub(super) fn follow(
        &mut self,
        cid: &Arc<str>,
        before: Option<&Arc<Call>>,
        after: Option<&Arc<Call>>,
    ) {
        for ((_, time), index) in TIMES.iter().zip(&mut self.by_time) {
            let old = before.and_then(|call| time(call));
            let new = after.and_then(|call| time(call));
            if let Some(old) = old.filter(|_| old != new) {
                index.remove(&(old, Arc::clone(cid)));
            }
            if let (Some(new), Some(call)) = (new, after) {
                index.insert((new, Arc::clone(cid)), Arc::clone(call));
            }
        }
        let (old, new) = (users(before), users(after));
        for gone in old.difference(&new) {
            if let Some(calls) = self.by_user.get_mut(*gone) {
                calls.remove(cid);
                if calls.is_empty() {
                    self.by_user.remove(*gone);
                }
            }
        }
        for come in new.difference(&old) {
            match self.by_user.get_mut(*come) {
                Some(calls) => {
                    calls.insert(Arc::clone(cid));
                }
                None => {
                    self.by_user
                        .insert((*come).into(), OrdSet::unit(Arc::clone(cid)));
                }
            }
        }
    }
}

fn users(call: Option<&Arc<Call>>) -> BTreeSet<&str> {
    let Some(call) = call else {
        return BTreeSet::new();
    };
    let members = call.members.iter().map(|member| member.user_id.as_str());
    members.chain([call.created_by.as_str()]).collect()
}
