//! Local stand-in for the Stream Video API.
