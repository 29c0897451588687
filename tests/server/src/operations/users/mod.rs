//! Users: make, change, look up, deactivate, delete.

pub(super) mod lifecycle;
pub(super) mod partial;
pub(super) mod query;
pub(super) mod upsert;
