//! Operations by their id, with arguments as JSON: for scripts, command lines and other languages.
//!
//! ```no_run
//! use video_api::by_name::Arguments;
//!
//! # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
//! let arguments = Arguments::new()
//!     .path("type", "default")
//!     .path("id", "standup")
//!     .query("members_limit", 5);
//! let response = client.call_operation("GetCall", arguments).await?;
//! println!("{}", response["call"]["cid"]);
//! # Ok(())
//! # }
//! ```
//!
//! Every request goes through the same types as the methods of [`Client`](crate::Client), so both
//! send the same bytes. Anything that those types cannot represent is refused before it is sent:
//! unknown names, fields of the wrong type, and values that would be lost or changed, each with
//! its JSON path. JSON cannot hold bytes: [`Arguments::file`], [`Arguments::bytes`] and
//! [`Prepared::send_for_bytes`] do, for APIs that have files.

mod arguments;
mod bound;
mod client;
mod nearest;
mod prepared;
mod preview;
mod roundtrip;

pub use arguments::Arguments;
pub(crate) use bound::BoundArguments;
pub use client::operation;
pub use prepared::Prepared;
pub use preview::Preview;

#[cfg(test)]
mod tests;
