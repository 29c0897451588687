//! Sessions of a call: how they start, who comes and goes, how they end.

pub(super) mod current;
pub(super) mod end;
pub(super) mod presence;
