//! Typed client for the Stream Video REST API.
//!
//! ```no_run
//! # async fn example() -> Result<(), video_api::Error> {
//! let client = video_api::Client::from_env()?;
//! let call = client.call("default", "standup");
//! let token = client.user_token("ana").expires_in(std::time::Duration::from_secs(3600)).sign()?;
//! match call.get().send().await {
//!     Ok(response) => println!("{} members", response.members.len()),
//!     Err(error) if error.is_not_found() => println!("no such call"),
//!     Err(error) => return Err(error), // its one line says what to do next
//! }
//! # let _ = token;
//! # Ok(())
//! # }
//! ```
//!
//! The required values of an operation are arguments, the optional ones are setters, and `.send()`
//! performs it. A [`Response`] dereferences to its body, an operation with a cursor has
//! `.pages()` and `.items()`, failures are one [`Error`] with predicates. See [`RetryPolicy`]
//! for automatic retries, and [`ClientBuilder`] for every setting.
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

// A large spec nests types deeper than the compiler follows by default.
#![recursion_limit = "8192"]

mod auth;
#[cfg(feature = "by-name")]
pub mod by_name;
mod call;
mod client;
#[cfg(not(other_spec))]
mod convenience;
mod decode;
mod error;
mod filter;
mod json_object;
mod observe;
mod open_enum;
pub mod operation;
mod pacing;
pub mod page;
mod rate_limit;
mod raw_request;
mod record;
mod request;
mod response;
mod retry;
mod shared;
#[cfg(not(other_spec))]
mod task;
mod timestamp;
mod transport;
mod union;
mod unknown_event;
pub mod webhook;

/// The code in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod generated {
    // The lints are for hand-written code; generated code has its own goldens.
    #![allow(clippy::all, clippy::pedantic, deprecated, unused_imports)]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
pub use generated::{Event, operations, requests, types};

pub use auth::{AuthorizationForm, Token, TokenFuture, TokenSource, UserTokenBuilder};
pub use call::Call;
pub use client::{Client, ClientBuilder};
pub use error::{ApiError, Error, TaskError};
pub use filter::Filter;
pub use json_object::{IntoJsonObject, JsonObject};
pub use observe::{AttemptEvent, CompletionEvent, CorrectionEvent, Observer};
pub use rate_limit::RateLimit;
pub use raw_request::RawRequest;
pub use response::Response;
pub use retry::{RetryBudget, RetryContext, RetryPolicy, RetryVerdict};
#[cfg(not(other_spec))]
pub use task::WaitForTask;
pub use timestamp::{InvalidTimestamp, Timestamp};

/// Types of other crates that appear in the signatures of this one.
pub use reqwest::{StatusCode, header::HeaderMap};
