//! Tokens: signing them (with jsonwebtoken), getting them, and keeping them fresh.

mod form;
mod renew;
mod sign;
mod source;
mod token;

pub use form::AuthorizationForm;
pub(crate) use renew::Credentials;
pub(crate) use sign::Signer;
pub use sign::UserTokenBuilder;
pub use source::{TokenFuture, TokenSource};
pub use token::Token;
