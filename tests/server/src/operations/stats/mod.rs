//! Statistics, computed from what happened in sessions.

pub(super) mod active;
pub(super) mod aggregate;
pub(super) mod map;
pub(super) mod measures;
pub(super) mod participants;
pub(super) mod report;
pub(super) mod sessions;
