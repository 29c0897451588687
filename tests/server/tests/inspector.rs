//! The inspector in a real Chromium: clicking through a story changes what the API answers.
//! Needs `chromedriver` and Chromium on the PATH; skipped loudly without them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use common::{CALL, get, post};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use video_api_server::Server;

/// chromedriver with its browsers, which end with it, also when a test panics.
struct Driver {
    process: Child,
    address: String,
    profile: PathBuf,
}

impl Driver {
    /// Closes every browser and the driver. Killing the driver would leave the browsers behind.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nhost: {}\r\n\r\n",
            self.address
        )?;
        // The driver closes the connection as its process ends.
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.shut_down());
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_dir_all(&self.profile));
    }
}

impl Driver {
    fn start(name: &str) -> Option<Self> {
        let spawned = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut process) = spawned else {
            // Past the capturing of test output, because nobody would see it there.
            let text = "SKIPPED: the inspector in a browser: chromedriver is not on the PATH\n";
            drop(std::io::stderr().write_all(text.as_bytes()));
            return None;
        };
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let port = line.split_once("started successfully on port ")?.1;
            Some(port.trim_end_matches('.').to_owned())
        });
        let port = port.unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let profile = std::env::temp_dir().join(format!("inspector-{name}-{}", std::process::id()));
        Some(Self {
            process,
            address: format!("127.0.0.1:{port}"),
            profile,
        })
    }

    async fn browser(&self, size: &str, dark: bool) -> Client {
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--window-size={size}"));
        arguments.push(format!("--user-data-dir={}", self.profile.display()));
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let capabilities = json!({ "goog:chromeOptions": { "args": arguments } });
        let Value::Object(capabilities) = capabilities else {
            unreachable!()
        };
        let builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let mut builder = builder;
        builder
            .capabilities(capabilities)
            .connect(&format!("http://{}", self.address))
            .await
            .unwrap()
    }
}

/// Waits for an element by a CSS selector.
async fn shown(browser: &Client, selector: &str) -> fantoccini::elements::Element {
    browser
        .wait()
        .for_element(Locator::Css(selector))
        .await
        .unwrap()
}

/// Clicks, once more if the page put a new element in place of the one found.
async fn click(browser: &Client, selector: &str) {
    loop {
        match shown(browser, selector).await.click().await {
            Err(error) if error.is_stale_element_reference() => {}
            clicked => return clicked.unwrap(),
        }
    }
}

async fn enter(browser: &Client, selector: &str, text: &str) {
    shown(browser, selector)
        .await
        .send_keys(text)
        .await
        .unwrap();
}

/// Waits until an element says so.
async fn says(browser: &Client, selector: &str, text: &str) {
    let xpath = format!("//*[{selector}][contains(., '{text}')]");
    browser
        .wait()
        .for_element(Locator::XPath(&xpath))
        .await
        .unwrap();
}

async fn save_screenshot(browser: &Client, name: &str) {
    // For whoever wants to look at the page.
    if let Some(folder) = std::env::var_os("VIDEO_API_SCREENSHOTS") {
        let png = browser.screenshot().await.unwrap();
        std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), png).unwrap();
    }
}

async fn with_call() -> Server {
    let server = Server::start().await.unwrap();
    let seed = json!({
        "users": [{ "id": "ana", "name": "Ana" }],
        "calls": [{
            "type": "default",
            "id": "standup",
            "data": { "created_by_id": "ana", "members": [{ "user_id": "ana" }] },
        }],
    });
    server.seed(&seed).await.unwrap();
    server
}

/// Processes whose command line contains a text.
#[cfg(target_os = "linux")]
fn processes_with(text: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines
        .filter(|line| String::from_utf8_lossy(line).contains(text))
        .count()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_panics_leaves_no_browser_behind() {
    let Some(driver) = Driver::start("panic") else {
        return;
    };
    let profile = driver.profile.display().to_string();
    let failed = tokio::spawn(async move {
        let _browser = driver.browser("400,400", false).await;
        assert_eq!(processes_with(&driver.profile.display().to_string()), 0);
    });
    assert!(failed.await.unwrap_err().is_panic(), "no browser started");
    for _ in 0..1000 {
        if processes_with(&profile) == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    unreachable!("Chromium is left behind with the profile {profile}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clicking_through_a_story_changes_what_the_api_answers() {
    let Some(driver) = Driver::start("story") else {
        return;
    };
    let server = with_call().await;
    let browser = driver.browser("1200,900", false).await;
    browser.goto(&server.inspector_url()).await.unwrap();
    says(&browser, "@id='live'", "live").await;

    // Requests appear as they come, with the reason of a refusal; filters narrow them down.
    get(&server, CALL).await.ok();
    post(&server, CALL, json!({ "data": { "shoe": [1] }, "ring": 5 })).await;
    says(&browser, "@id='request-list'", "GetOrCreateCall").await;
    click(&browser, "#request-list button[data-key='2']").await;
    says(&browser, "@id='request-detail'", "Why refused").await;
    says(&browser, "@id='request-detail'", "curl -X POST").await;
    save_screenshot(&browser, "requests-wide-light").await;
    let source = browser.source().await.unwrap();
    assert!(!source.contains("eyJ"), "a token is on the page");
    enter(&browser, "#request-filter [name=operation]", "getcall").await;
    browser
        .wait()
        .for_element(Locator::XPath("//ul[@id='request-list'][count(li)=1]"))
        .await
        .unwrap();

    // One view at a time.
    let visible = "return document.querySelectorAll('main > section:not([hidden])').length";
    let hidden = "return [...document.querySelectorAll('main > section')].filter(one => one.offsetHeight > 0).length";
    for script in [visible, hidden] {
        assert_eq!(browser.execute(script, Vec::new()).await.unwrap(), 1);
    }

    // A user is created and joins the call.
    click(&browser, "#tab-users").await;
    enter(&browser, "#user-form [name=id]", "bob").await;
    click(&browser, "#user-form button").await;
    says(&browser, "@id='user-list'", "bob").await;
    click(&browser, "#tab-calls").await;
    click(&browser, "[data-key='default:standup']").await;
    enter(&browser, "#participant", "bob").await;
    click(&browser, "#join").await;
    says(&browser, "@id='present'", "bob").await;
    let call = get(&server, CALL).await.ok();
    assert_eq!(
        call["call"]["session"]["participants"][0]["user"]["id"],
        "bob"
    );
    says(
        &browser,
        "@id='timeline'",
        "call.session_participant_joined",
    )
    .await;
    save_screenshot(&browser, "call-wide-light").await;
    click(&browser, "#end-session").await;
    says(&browser, "@id='present'", "Nobody").await;
    let call = get(&server, CALL).await.ok();
    assert_eq!(call["call"]["current_session_id"], "");

    // A fault, by keyboard alone: arrow keys choose the view, enter sends the form.
    shown(&browser, "#tab-calls").await.click().await.unwrap();
    for _ in 0..3 {
        let focused = browser.active_element().await.unwrap();
        focused
            .send_keys(&String::from(char::from(Key::Right)))
            .await
            .unwrap();
    }
    enter(&browser, "#fault-form [name=operation]", "GetCall").await;
    enter(
        &browser,
        "#fault-form [name=operation]",
        &String::from(char::from(Key::Enter)),
    )
    .await;
    says(&browser, "@id='fault-list'", "GetCall: status 503").await;
    assert_eq!(get(&server, CALL).await.status, 503);
    click(&browser, "#faults-end").await;
    browser
        .wait()
        .for_element(Locator::XPath("//ul[@id='fault-list'][count(li)=0]"))
        .await
        .unwrap();
    get(&server, CALL).await.ok();

    // The clock moves, and everything is forgotten.
    click(&browser, "#clock-form button.main").await;
    says(&browser, "@id='clock'", "s ahead").await;
    assert!(server.clock().offset() > 3_000_000_000_000);
    click(&browser, "#reset").await;
    browser.accept_alert().await.unwrap();
    says(&browser, "@id='message'", "Everything is forgotten").await;
    get(&server, CALL).await.refused(404, 16, "Can't find call");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_failed_is_sent_again_on_a_phone_in_the_dark() {
    let Some(driver) = Driver::start("phone") else {
        return;
    };
    // Nothing listens there.
    let builder = Server::builder()
        .webhook("http://127.0.0.1:9/hook")
        .webhook_pause(std::time::Duration::from_millis(1));
    let server = builder.create_users(true).start().await.unwrap();
    post(&server, CALL, json!({ "data": { "created_by_id": "ana" } }))
        .await
        .ok();
    let browser = driver.browser("420,860", true).await;
    browser
        .goto(&format!("{}#/webhooks", server.inspector_url()))
        .await
        .unwrap();
    says(&browser, "@id='webhook-list'", "failed").await;
    click(&browser, "[data-event='call.created']").await;
    says(&browser, "@id='webhook-detail'", "Attempts").await;
    assert_eq!(server.webhooks()[0].attempts.len(), 6);
    click(&browser, "#webhook-detail button.main").await;
    while server.webhooks()[0].attempts.len() < 12 {
        tokio::task::yield_now().await;
    }
    save_screenshot(&browser, "webhooks-narrow-dark").await;
    for view in ["requests", "calls", "users", "webhooks", "control"] {
        click(&browser, &format!("#tab-{view}")).await;
        let width = "return document.documentElement.scrollWidth - innerWidth";
        let beyond = browser.execute(width, Vec::new()).await.unwrap();
        assert!(
            beyond.as_i64() <= Some(0),
            "{view} is {beyond} wider than the screen"
        );
        save_screenshot(&browser, &format!("{view}-narrow-dark")).await;
    }
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(browser.execute(dark, Vec::new()).await.unwrap(), true);
    let foreign = "return performance.getEntriesByType('resource').filter(one => !one.name.startsWith(location.origin)).length";
    assert_eq!(browser.execute(foreign, Vec::new()).await.unwrap(), 0);
    browser.close().await.unwrap();
}
