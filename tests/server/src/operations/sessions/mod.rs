//! Sessions of a call: how they start, who comes and goes, how they end.

pub(super) mod current;
pub(super) mod end;
mod ingress;
pub(super) mod joining;
pub(super) mod presence;
pub(super) mod telephone;
