//! A guide by topic, with examples that compile.
//!
//! | to | read |
//! | --- | --- |
//! | create users, and let their devices in | [`users_and_tokens`] |
//! | create, change, find and end calls | [`calls`] |
//! | go live, record, transcribe, send a call elsewhere | [`recording_and_live`] |
//! | choose among the statistics operations | [`statistics`] |
//! | receive events | [`webhooks`] |
//! | know what fails, and what is repeated by itself | [`errors_and_retries`] |
//! | test an application without the API | [`testing`] |
//! | come from one of the vendor's SDKs | [`migrating`] |
//!
//! The examples in the repository are whole programs on the same topics.

#[doc = include_str!("guide/users_and_tokens.md")]
pub mod users_and_tokens {}

#[doc = include_str!("guide/calls.md")]
pub mod calls {}

#[doc = include_str!("guide/recording_and_live.md")]
pub mod recording_and_live {}

#[doc = include_str!("guide/statistics.md")]
pub mod statistics {}

#[doc = include_str!("guide/webhooks.md")]
pub mod webhooks {}

#[doc = include_str!("guide/errors_and_retries.md")]
pub mod errors_and_retries {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/migrating.md")]
pub mod migrating {}
