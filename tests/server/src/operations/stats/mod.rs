//! Statistics, computed from what happened in sessions.

pub(super) mod active;
pub(super) mod aggregate;
pub(super) mod map;
pub(super) mod measures;
pub(super) mod participants;
pub(super) mod report;
mod samples;
pub(super) mod sessions;
