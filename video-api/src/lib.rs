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
//! What an operation needs is an argument, everything optional a setter, and `.send()`
//! performs it. A [`Response`] dereferences to its body, an operation with a cursor has
//! `.pages()` and `.items()`, failures are one [`Error`] with predicates. See [`RetryPolicy`]
//! for what is repeated by itself, and [`ClientBuilder`] for every setting.
//!
//! The limits in the documentation are the API's, which enforces them. Structs show in their
//! `Debug` only what is set.

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
mod json_path;
mod observe;
mod open_enum;
pub mod operation;
mod pacing;
pub mod page;
mod rate_limit;
mod record;
mod request;
mod response;
mod retry;
mod server_duration;
#[cfg(not(other_spec))]
mod task;
mod timestamp;
mod transport;
mod union;
pub mod webhook;

/// The code in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod generated {
    // Lints are about hand-written code; what is generated has its own goldens.
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
pub use observe::{AttemptEvent, CompletionEvent, Observer};
pub use rate_limit::RateLimit;
pub use response::Response;
pub use retry::{RetryBudget, RetryContext, RetryPolicy, RetryVerdict};
#[cfg(not(other_spec))]
pub use task::WaitForTask;
pub use timestamp::Timestamp;

/// What appears in the signatures of this crate and comes from others.
pub use reqwest::{StatusCode, header::HeaderMap};
