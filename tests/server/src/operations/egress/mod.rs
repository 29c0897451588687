//! Everything that leaves a call: recordings, transcriptions, captions, broadcasts.

pub(super) mod automatic;
pub(super) mod broadcast;
pub(super) mod checks;
pub(super) mod failure;
pub(super) mod files;
pub(super) mod frames;
pub(super) mod recording;
pub(super) mod text;
