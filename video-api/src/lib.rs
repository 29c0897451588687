//! Typed client for the [Stream Video REST API](https://getstream.io/video/docs/api/): what a backend
//! calls to create calls and users, record, broadcast, route telephone calls and read statistics.
//!
//! ```no_run
//! use video_api::types::{CallRequest, MemberRequest, UserRequest};
//!
//! # async fn example() -> Result<(), video_api::Error> {
//! // From STREAM_API_KEY and STREAM_API_SECRET.
//! let client = video_api::Client::from_env()?;
//!
//! client.upsert_users([UserRequest::new("ana").name("Ana")]).send().await?;
//! let call = client.call("default", "standup");
//! let data = CallRequest::new()
//!     .created_by_id("ana")
//!     .members([MemberRequest::new("ana").role("host")]);
//! let created = call.get_or_create().data(data).send().await?;
//! println!("{} has {} member", created.call.cid, created.members.len());
//! # Ok(())
//! # }
//! ```
//!
//! Required values of an operation are arguments, optional ones setters, and `.send()` performs it.
//! A [`Response`] dereferences to its body; an operation with a cursor has `.pages()` and `.items()`;
//! failures are one [`Error`] with predicates.
//!
//! | where to look | for what |
//! | --- | --- |
//! | [`guide`] | topics, with examples: users and tokens, calls, recording, statistics, webhooks, errors, testing |
//! | [`Client`] | all operations, by topic; [`ClientBuilder`] has every setting |
//! | [`Call`] | the operations of one call, without its type and id |
//! | [`types`], [`requests`] | the data, and what can be set on a request |
//! | [`webhook`], [`Event`] | receiving events |
//! | [`page`] | pages as streams |
//! | [`RetryPolicy`] | what is repeated by itself |
//!
//! # Operations by topic
//!
#![cfg_attr(not(other_spec), doc = include_str!("topics.md"))]
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `webhooks` | yes | reading webhook events and checking their signatures |
//! | `by-name` | | operations by their id with JSON arguments, for scripts and command lines |
//! | `chrono`, `time` | | conversions between [`Timestamp`] and those crates' types |
//! | `schemars` | | a JSON schema for every type |
//!
//! The limits in the documentation are the API's, which enforces them. The `Debug` of a struct
//! shows the fields that are set.
//!
//! # Responses from an older or newer server
//!
//! A response is decoded leniently. A documented field that the server leaves out reads as its zero
//! value, at any depth: `false`, 0, `""`, an empty list or map, the Unix epoch, an unknown enum
//! value. [`Response::corrected`] lists such fields, and an [`Observer`] and a `tracing` event at
//! debug level report each once per client. `null` counts as left out, and is dropped from lists and
//! maps unless their values are documented as nullable (`Vec<Option<T>>`). Unknown fields are
//! ignored, unknown enum values and events kept. A field of the wrong type is an error that names
//! its path, and so is a success in which no documented field occurs.
//!
//! # Operations and fields of tomorrow
//!
//! [`Client::request`] sends a request for an operation that this version does not know, and every
//! request has `.extra("field", value)` for such a field; both go through the same credentials,
//! retries, limits and errors.
//!
//! # Testing your own code
//!
//! Types that only come back are built from JSON. Because missing fields read as their zero values,
//! a test writes only the fields it is about:
//!
//! ```
//! # use serde_json::json;
//! use video_api::types::CallResponse;
//!
//! let call: CallResponse = serde_json::from_value(json!({"id": "standup", "recording": true}))?;
//! assert!(call.recording && call.cid.is_empty());
//! # Ok::<(), serde_json::Error>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
// A large spec nests types deeper than the compiler follows by default.
#![recursion_limit = "8192"]

mod auth;
mod builder;
#[cfg(feature = "by-name")]
pub mod by_name;
mod call;
mod client;
#[cfg(not(other_spec))]
mod convenience;
mod decode;
mod error;
mod filter;
mod form;
mod format;
#[cfg(not(other_spec))]
pub mod guide;
mod gzip;
mod json_object;
mod nullable;
mod observe;
mod open_enum;
pub mod operation;
mod pacing;
pub mod page;
mod query;
mod rate_limit;
mod raw_request;
mod record;
mod request;
mod response;
mod retry;
mod shared;
mod timestamp;
mod transport;
mod union;
mod unknown_event;
mod upload;
pub mod webhook;

/// The code in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod generated {
    // The lints are for hand-written code; generated code has its own goldens.
    #![allow(clippy::all, clippy::pedantic, deprecated, unused_imports)]
    // Whatever the specification has or lacks.
    #![deny(unused_variables, unused_mut)]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
pub use generated::{Event, operations, requests, types};

pub use auth::{AuthorizationForm, Token, TokenFuture, TokenSource, UserTokenBuilder};
pub use builder::ClientBuilder;
pub use call::Call;
pub use client::Client;
#[cfg(not(other_spec))]
pub use convenience::WaitForTask;
pub use error::{ApiError, Error, TaskError};
pub use filter::Filter;
pub use json_object::{IntoJsonObject, JsonObject};
pub use nullable::Nullable;
pub use observe::{AttemptEvent, CompletionEvent, CorrectionEvent, Observer};
pub use rate_limit::RateLimit;
pub use raw_request::RawRequest;
pub use response::Response;
pub use retry::{RetryBudget, RetryContext, RetryPolicy, RetryVerdict};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use upload::Upload;

// Types of other crates that appear in signatures. A doc comment would be glued to their own.
pub use bytes::Bytes;
pub use reqwest::{StatusCode, header::HeaderMap};
