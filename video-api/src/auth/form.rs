//! The two ways to write a token in a header.

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
