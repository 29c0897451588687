//! A full run, with everything that can be shown written down and searched for secrets: every
//! `Debug`, `Display`, error with its causes, log line at the finest level, and observer event.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

use std::fmt::{Debug, Display};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;
use video_api::by_name::Arguments;
use video_api::types::{AzureRequest, RtmpBroadcastRequest, S3Request, SipTrunkResponse};
use video_api::webhook::Verifier;
use video_api::{
    AttemptEvent, AuthorizationForm, Client, ClientBuilder, CompletionEvent, Error, Observer,
    RetryPolicy, Token,
};
use video_api_tests::{FaultServer, Http2Server, RawRequest, Refusing, Reply, Step};

const SECRET: &str = "hush-0123456789-abcdefghij-0123456789";
const OTHER_SECRET: &str = "hush-of-the-webhooks-9876543210";
/// Not a JWT, so nothing but knowing it helps.
const OPAQUE: &str = "opaque-token-of-somebody-else";
const BODY: &str = "what-the-body-says";
const QUERY: &str = "what-the-query-says";

/// Everything that was shown.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<u8>>>);

impl Shown {
    fn debug(&self, value: &impl Debug) {
        self.text(&format!("{value:?}\n{value:#?}\n"));
    }

    fn display(&self, value: &impl Display) {
        self.text(&format!("{value}\n{value:#}\n"));
    }

    fn text(&self, text: &str) {
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn error(&self, error: &Error) {
        self.debug(error);
        self.display(error);
        self.debug(&error.api());
        self.debug(&error.body_excerpt());
        self.debug(&(error.rate_limit(), error.retry_after(), error.request_id()));
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            self.text(&format!("{error} {error:?} {error:#?}\n"));
            cause = error.source();
        }
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Observer for Shown {
    fn on_attempt(&self, event: &AttemptEvent<'_>) {
        self.debug(event);
    }

    fn on_complete(&self, event: &CompletionEvent<'_>) {
        self.debug(event);
    }
}

/// The `log` side: some of the crates below use it instead of `tracing`.
impl log::Log for Shown {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.text(&format!("LOG {} {}\n", record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Responses that give away what came with the request, as debug pages and careless proxies do.
fn giving_away(request: &RawRequest, number: usize) -> Reply {
    let token = request.header("authorization")[0];
    let both = format!("{SECRET} {token}");
    let api = json!({
        "code": 4, "message": both, "more_info": both, "details": [both], "unrecoverable": false,
        "exception_fields": {both.as_str(): both}, "StatusCode": 400, "duration": both,
    })
    .to_string();
    let head = request.head.clone();
    let response = |status: &str, kind: &str, body: &str| {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}");
        Reply::Send(format!("{head}\r\n\r\n{body}").into_bytes())
    };
    let json_type = "application/json";
    match number % 14 {
        0 => response("400 Bad Request", json_type, &api),
        1 => response("401 Unauthorized", json_type, &api),
        2 => response("429 Too Many Requests", json_type, &api),
        3 => response(
            "503 Service Unavailable",
            "text/html",
            &format!("<pre>{head}{SECRET}</pre>"),
        ),
        4 => response(
            "200 OK",
            "text/html",
            &format!("<pre>{head}\n{SECRET}</pre>"),
        ),
        5 => response("200 OK", token, &format!("{{\"x\": \"{both}\"}}")),
        6 => response("200 OK", json_type, &api),
        7 => response(
            "200 OK",
            json_type,
            &json!({"call": both, "duration": both}).to_string(),
        ),
        8 => response(
            "200 OK",
            json_type,
            &json!({"call": {both.as_str(): 1, "cid": [both]}}).to_string(),
        ),
        9 => response("200 OK", json_type, &format!("{{\"{both}\"; {both}")),
        10 => {
            let location = format!("/?t={token}&s={SECRET}");
            let head = format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0");
            Reply::Send(format!("{head}\r\n\r\n").into_bytes())
        }
        11 => {
            Reply::Close(format!("HTTP/1.1 200 {both}\r\ncontent-length: 999\r\n\r\n{both}").into())
        }
        12 => Reply::Close(format!("{both}\r\n\r\n").into_bytes()),
        _ => Reply::Stall(format!("HTTP/1.1 500 Oops\r\ncontent-length: 999\r\n\r\n{both}").into()),
    }
}

fn builder(shown: &Shown, url: &str) -> ClientBuilder {
    Client::builder("key")
        .base_url(url)
        .attempt_timeout(Duration::from_millis(300))
        .retry_policy(
            RetryPolicy::default()
                .max_attempts(2)
                .base_delay(Duration::from_millis(1)),
        )
        .observer(shown.clone())
}

/// Clients with every kind of credentials.
fn clients(shown: &Shown, url: &str) -> Vec<Client> {
    let count = AtomicUsize::new(0);
    let renewing = move || {
        let number = count.fetch_add(1, Ordering::SeqCst);
        async move { Ok(Token::new(format!("renewed-token-{number}-of-somebody"))) }
    };
    let signing = Client::new("key", SECRET).unwrap().user_token("ana");
    let builders = [
        builder(shown, url).secret(SECRET),
        builder(shown, url)
            .secret(SECRET)
            .authorization_form(AuthorizationForm::Bearer),
        builder(shown, url).secret(SECRET).user_token(OPAQUE),
        builder(shown, url).secret(SECRET).token_source(renewing),
        builder(shown, url)
            .secret(SECRET)
            .token_source(signing.expires_in(Duration::from_secs(60))),
    ];
    builders
        .into_iter()
        .map(|builder| {
            shown.debug(&builder);
            let client = builder.build().unwrap();
            shown.debug(&client);
            client
        })
        .collect()
}

/// One operation of each kind, with everything that it goes through shown.
async fn operations(shown: &Shown, client: &Client) -> usize {
    let call = client.call("default", "x");
    let get = call.get().video(true);
    let post = call
        .get_or_create()
        .data(video_api::types::CallRequest::new().custom(json!({"note": BODY})));
    let filtered = call
        .query_participant_sessions("s")
        .filter_conditions(json!({"note": QUERY}));
    let prepared = client
        .prepare_operation(
            "UpdateCall",
            &Arguments::new()
                .path("type", "default")
                .path("id", "x")
                .body(json!({"custom": {"note": BODY}})),
        )
        .unwrap();
    shown.debug(&call);
    shown.debug(&get);
    shown.debug(&prepared);
    shown.debug(&prepared.preview().unwrap());
    let mut failed = 0;
    let mut note = |error: Option<Error>| {
        if let Some(error) = error {
            failed += 1;
            shown.error(&error);
        }
    };
    for _ in 0..5 {
        note(get.clone().send().await.map(|r| shown.debug(&r)).err());
        note(post.clone().send().await.map(|r| shown.debug(&r)).err());
        note(filtered.clone().send().await.map(|r| shown.debug(&r)).err());
        note(prepared.clone().send().await.map(|r| shown.debug(&r)).err());
        let mut pages = client.query_calls().pages();
        shown.debug(&pages);
        if let Some(Err(error)) = futures_util::StreamExt::next(&mut pages).await {
            note(Some(error));
        }
    }
    failed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_run_shows_no_secret_and_no_token() {
    let shown = Shown::default();
    let writer = shown.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    log::set_logger(Box::leak(Box::new(shown.clone()))).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let careless = FaultServer::start(|seen| giving_away(&seen.request, seen.number))
        .await
        .unwrap();
    let mut failed = 0;
    for client in clients(&shown, &careless.url()) {
        failed += operations(&shown, &client).await;
    }
    assert!(failed >= 100, "{failed} errors");
    let local = video_api_server::Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let good = Client::builder(local.api_key())
        .secret(local.secret())
        .base_url(local.url())
        .observer(shown.clone())
        .build()
        .unwrap();
    operations(&shown, &good).await;
    let refusing = Refusing::new().unwrap();
    for client in clients(&shown, &refusing.url()) {
        shown.error(&client.get_edges().send().await.unwrap_err());
    }
    let http2 = Http2Server::start(|request| match request.number % 2 {
        0 => vec![Step::Reset { code: 2 }],
        _ => vec![
            Step::Headers,
            Step::Data {
                bytes: b"{}".to_vec(),
                end: true,
            },
        ],
    });
    let http2 = http2.await.unwrap();
    let own = reqwest::Client::builder()
        .http2_prior_knowledge()
        .no_proxy()
        .build()
        .unwrap();
    let client = builder(&shown, &http2.url())
        .secret(SECRET)
        .http_client(own);
    operations(&shown, &client.build().unwrap()).await;
    tokens_and_webhooks(&shown, &good);

    search(&shown.all(), &careless, local.secret());
}

/// Values that are made without a request.
fn tokens_and_webhooks(shown: &Shown, client: &Client) {
    let user = client.user_token("ana").role("admin").claim("team", "red");
    shown.debug(&user);
    let token = user.sign().unwrap();
    shown.debug(&token);
    shown.error(&client.user_token("").sign().unwrap_err());
    let of_server = client.server_token().unwrap();
    shown.debug(&of_server);
    let verifier = Verifier::new(OTHER_SECRET);
    shown.debug(&verifier);
    let error = verifier.event(b"{}", "00").unwrap_err();
    shown.debug(&error);
    shown.display(&error);
    let bad = Client::builder("key")
        .user_token(format!("{OPAQUE}\n"))
        .build();
    shown.error(&bad.unwrap_err());
    let bad = Client::builder("key")
        .secret(SECRET)
        .base_url("nonsense")
        .build();
    shown.error(&bad.unwrap_err());
    for token in [token, of_server] {
        assert!(!shown.all().contains(token.as_str()));
    }
}

fn search(all: &str, careless: &FaultServer, local_secret: &str) {
    let mut secrets = vec![
        SECRET.to_owned(),
        OTHER_SECRET.to_owned(),
        local_secret.to_owned(),
    ];
    let mut tokens = 0;
    for seen in careless.seen() {
        let token = seen.request.header("authorization")[0].replace("Bearer ", "");
        // Claims and signature of a JWT; its header is the same for everyone.
        secrets.extend(token.split('.').skip(1).map(str::to_owned));
        secrets.push(token);
        tokens += 1;
    }
    secrets.sort();
    secrets.dedup();
    assert!(
        tokens >= 100 && secrets.len() >= 12,
        "{tokens} {}",
        secrets.len()
    );
    // What was shown is what it should be, or nothing would be proven.
    for part in [
        "[redacted]",
        "GetOrCreateCall",
        "otel.name",
        "AttemptEvent",
        "CompletionEvent",
        "LOG reqwest",
        "hyper_util",
        "h2::",
        "UserTokenBuilder",
        "RetryPolicy",
        "Pages",
        "Preview",
    ] {
        assert!(
            all.contains(part),
            "nothing about {part} in {} bytes",
            all.len()
        );
    }
    for secret in &secrets {
        if let Some(at) = all.find(secret.as_str()) {
            let from = all[..at]
                .char_indices()
                .rev()
                .nth(300)
                .map_or(0, |(at, _)| at);
            panic!("shown: {}", &all[from..at + secret.len()]);
        }
    }
    let logged = all
        .lines()
        .filter(|line| line.contains("TRACE") || line.contains("DEBUG"));
    let leak = logged
        .clone()
        .find(|line| line.contains(BODY) || line.contains(QUERY));
    assert!(logged.count() > 1000);
    assert_eq!(leak, None, "a log line shows a body or a query");
}

#[test]
fn passwords_and_keys_in_requests_and_responses_are_not_shown() {
    let client = Client::new("key", SECRET).unwrap();
    let storage = client
        .create_external_storage("bucket", "archive", "s3")
        .aws_s3(S3Request::new("eu-central-1").s3_secret(OTHER_SECRET))
        .gcs_credentials(OTHER_SECRET)
        .azure_blob(AzureRequest::new("a", "c", OTHER_SECRET, "t"));
    let trunk = client.create_sip_trunk("t", ["+1"]).password(OTHER_SECRET);
    let broadcast = RtmpBroadcastRequest::new("b", "rtmp://x").stream_key(OTHER_SECRET);
    let received: SipTrunkResponse =
        serde_json::from_value(json!({"name": "t", "password": OTHER_SECRET})).unwrap();
    for shown in [
        format!("{storage:?} {storage:#?}"),
        format!("{trunk:?} {trunk:#?}"),
        format!("{broadcast:?} {broadcast:#?}"),
        format!("{received:?} {received:#?}"),
    ] {
        assert!(!shown.contains(OTHER_SECRET), "{shown}");
        assert!(shown.contains("[redacted]"), "{shown}");
    }
    assert_eq!(received.password, OTHER_SECRET);
}
