//! Tokens: signing them, getting them, and keeping them fresh.

mod renew;
mod sign;
mod source;
mod token;

pub(crate) use renew::Credentials;
pub(crate) use sign::Signer;
pub use sign::UserTokenBuilder;
pub use source::{TokenFuture, TokenSource};
pub use token::Token;

/// How the token is written in the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AuthorizationForm {
    /// The token alone, as the vendor's SDKs send it.
    #[default]
    Bare,
    /// `Bearer` and the token, as the documentation's examples show it.
    Bearer,
}
