//! Users: make, change, look up, deactivate, delete.

mod departure;
pub(super) mod lifecycle;
pub(super) mod partial;
pub(super) mod query;
pub(super) mod upsert;
