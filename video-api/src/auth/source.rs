//! Sources of tokens.

use std::future::{Future, ready};
use std::pin::Pin;

use super::sign::UserTokenBuilder;
use super::token::Token;

/// A future that resolves to a token.
pub type TokenFuture<'a> = Pin<
    Box<dyn Future<Output = Result<Token, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>,
>;

/// Provides the token a client authenticates with.
///
/// It is asked for the first token, again shortly before that one expires, and once when the
/// server refuses it with 401. Callers waiting at the same time share one request for it.
///
/// A fixed [`Token`], a [`UserTokenBuilder`] (which signs anew each time), and every async
/// closure that returns a token are sources:
///
/// ```
/// # async fn fetch() -> Result<String, std::io::Error> { Ok(String::new()) }
/// let client = video_api::Client::builder("key")
///     .token_source(|| async { Ok(video_api::Token::new(fetch().await?)) })
///     .build()?;
/// # Ok::<(), video_api::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a token that is valid now.
    fn token(&self) -> TokenFuture<'_>;
}

impl<F, Fut> TokenSource for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Token, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self())
    }
}

impl TokenSource for Token {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(ready(Ok(self.clone())))
    }
}

impl TokenSource for UserTokenBuilder {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(ready(self.sign().map_err(Into::into)))
    }
}
