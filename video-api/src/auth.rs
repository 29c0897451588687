//! Tokens: signing them (with jsonwebtoken), getting them, and keeping them fresh.

mod form;
mod renew;
mod sign;
mod source;
mod token;

pub use form::AuthorizationForm;
pub(crate) use renew::Credentials;
pub use sign::UserTokenBuilder;
pub(crate) use sign::{Signer, no_secret};
pub use source::{TokenFuture, TokenSource};
pub use token::Token;
