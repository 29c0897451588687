//! A local server that stands in for the Stream Video API.
//!
//! It is driven by the composed OpenAPI document: every operation of the spec is
//! served on loopback, and every request is held strictly against it before it is
//! answered. It shares no code with the client, so an agreement between the two
//! is an agreement about the spec and the wire.
//!
//! ```no_run
//! # async fn example() -> Result<(), video_api_server::StartError> {
//! use video_api_server::{Scripted, Server};
//!
//! let server = Server::builder().start().await?;
//! server.respond_with("GetCall", Scripted::status(503));
//! // … point a client at server.url(), server.api_key(), server.secret() …
//! for request in server.recorded() {
//!     println!("{} {} {:?}", request.method, request.path, request.problems);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is checked
//!
//! * `api_key` in the query, `stream-auth-type: jwt`, and the JWT in `Authorization`
//!   (bare or after `Bearer `): HS256 signature, `server` or `user_id` claim, `exp`,
//!   `nbf`, `iat`, and `call_cids` against the call that the request names.
//! * The raw path, split at `/` and percent-decoded once per segment; each query
//!   parameter by its schema; unknown, repeated and doubly encoded ones are refused.
//! * The body: none (and `content-length: 0` on POST) where the spec has none, JSON
//!   that fits the schema where it has one. Unknown fields are refused, timestamps are
//!   RFC 3339 strings ending in `Z`, integers are written as integers and fit their format.
//!
//! # What is kept
//!
//! With [`BodyMode::Stateful`], the default, calls and members are really kept:
//! GetOrCreateCall, GetCall, UpdateCall, UpdateCallMembers, QueryCallMembers, QueryCalls,
//! EndCall, DeleteCall, BlockUser and UnblockUser work on them. Every other operation
//! answers a body built from its response schema, whether or not the call exists.
//!
//! # What it does not do
//!
//! No permissions or roles beyond `call_cids`, no rate limiting (the headers are there,
//! the limit is not enforced), no media, no events, no HTTP/2, no TLS. A call created with
//! a server token and no creator gets a stand-in creator. `pattern` is checked, but
//! [`sample`] cannot build a string for one.

mod auth;
mod clock;
mod database;
mod encoding;
mod error;
mod events;
mod generate_body;
mod http;
mod input;
mod journal;
mod local;
mod media;
mod model;
mod operations;
mod query;
mod relax;
mod schema;
mod server;
mod spec;
mod state;
mod time;
mod validate;
mod webhooks;

pub use clock::Clock;
pub use database::DataError;
pub use generate_body::{SampleMode, sample};
pub use http::{Effect, Fault, RecordedRequest, Scripted};
pub use local::SeedError;
pub use operations::Action;
pub use schema::Direction;
pub use server::{BodyMode, Builder, DEFAULT_API_KEY, DEFAULT_SECRET, Server, StartError};
pub use spec::{Api, Operation, Parameter, SpecError, embedded_spec, is_adopted};
pub use webhooks::{Attempt, Delivery, DeliveryState};
