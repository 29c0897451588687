//! A local server that behaves like the Stream Video API, apart from the media.
//!
//! It keeps state as the API does, for every operation of the composed OpenAPI document, sends
//! webhooks, and fails on demand. It shares no code with the client, so an agreement between the
//! two is an agreement about the spec and the wire. Its README is for those who start the binary;
//! this is the same for tests in Rust.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use video_api_server::{Action, Effect, Fault, Scripted, Server};
//!
//! let server = Server::start().await?; // one for every test: it ends when it is dropped
//! server.seed(&json!({ "users": [{ "id": "ana" }] })).await?;
//! // … make a client as the docs of `Server` show, and create a call …
//! let join = json!({ "action": "join", "user_id": "ana" });
//! server.simulate("default:standup", serde_json::from_value::<Action>(join)?).await?;
//!
//! server.set_faults(7, vec![Fault::new(Effect::Reset).operation("GetCall").probability(0.1)])?;
//! server.respond_with("GetEdges", Scripted::status(503));
//! server.clock().advance(std::time::Duration::from_secs(3600));
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
//!   (bare or after `Bearer `): HS256 signature, `user_id` or none, `exp`, `nbf`, `iat`, and
//!   `call_cids` against the call that the request names; what a user token may do.
//! * The raw path, percent-decoded once per segment; each query parameter by its schema; the body
//!   by its schema. Schemas need the feature `validation`, which the program has.
//! * With [`Builder::strict`] also what official clients are lax about: unknown and doubly encoded
//!   values, `null` for what is left out, timestamps that do not end in `Z`, bodies where none is
//!   due.
//!
//! # What it does not do
//!
//! No media, no push notifications, no HTTP/2, no TLS. `pattern` is checked, but [`sample`] cannot
//! build a string for one.

mod auth;
mod bound;
mod builder;
mod clock;
mod database;
mod encoding;
mod error;
mod events;
mod faults;
mod file_urls;
mod generate_body;
mod http;
mod input;
mod journal;
mod local;
mod model;
mod operations;
mod queries;
mod query;
mod rate_limit;
mod recorder;
mod relax;
mod schema;
mod scripted;
mod server;
mod shared;
mod spec;
mod start_error;
mod state;
mod time;
mod validate;
mod webhooks;

pub use builder::{Builder, DEFAULT_API_KEY, DEFAULT_SECRET};
pub use clock::Clock;
pub use database::DataError;
pub use faults::{Effect, Fault};
pub use generate_body::{SampleMode, sample};
pub use local::SeedError;
pub use operations::Action;
pub use recorder::RecordedRequest;
pub use schema::Direction;
pub use scripted::Scripted;
pub use server::Server;
pub use shared::BodyMode;
pub use spec::{Api, Operation, Parameter, SpecError, embedded_spec, is_adopted};
pub use start_error::StartError;
pub use webhooks::{Attempt, Delivery, DeliveryState, WebhookTimestamps};
