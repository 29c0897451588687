//! SIP: trunks, routing rules, and where a caller is led.

mod digest;
mod range;
pub(super) mod resolve;
pub(super) mod rules;
pub(super) mod trunks;
