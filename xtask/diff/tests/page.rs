//! The page of a report in a real Chromium: filters, anchors, narrow windows, no JavaScript.
//! Needs `chromedriver` and Chromium on the PATH; skipped loudly without them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use spec_diff::output::{self, Names, Version};

/// A running chromedriver and a folder for its browser and the page.
struct Driver {
    process: Child,
    url: String,
    folder: PathBuf,
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_dir_all(&self.folder));
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
            let text =
                "SKIPPED: the page of the diff in a browser: chromedriver is not on the PATH\n";
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
        let folder = std::env::temp_dir().join(format!("diff-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Some(Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
            folder,
        })
    }

    /// Opens a page in a window of this width.
    async fn open(&self, page: &str, width: u32, dark: bool, scripts: bool) -> Client {
        let profile = self
            .folder
            .join(format!("profile-{width}-{dark}-{scripts}"));
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--window-size={width},900"));
        arguments.push(format!("--user-data-dir={}", profile.display()));
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let javascript = if scripts { 1 } else { 2 };
        let capabilities = json!({"goog:chromeOptions": {
            "args": arguments,
            "prefs": {"profile.managed_default_content_settings.javascript": javascript},
        }});
        let Value::Object(capabilities) = capabilities else {
            unreachable!()
        };
        let http = hyper_util::client::legacy::connect::HttpConnector::new();
        let browser = ClientBuilder::new(http)
            .capabilities(capabilities)
            .connect(&self.url)
            .await
            .unwrap();
        let path = self.folder.join("page.html");
        std::fs::write(&path, page).unwrap();
        let url = format!("file://{}", path.display());
        browser.goto(&url).await.unwrap();
        save_screenshot(&browser, &format!("{width}-{dark}-{scripts}")).await;
        browser
    }
}

/// For whoever wants to look at the page.
async fn save_screenshot(browser: &Client, name: &str) {
    if let Some(folder) = std::env::var_os("SPEC_DIFF_SCREENSHOTS") {
        let png = browser.screenshot().await.unwrap();
        std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), png).unwrap();
    }
}

async fn displayed(browser: &Client, selector: &str) -> usize {
    let mut count = 0;
    for element in browser.find_all(Locator::Css(selector)).await.unwrap() {
        count += usize::from(element.is_displayed().await.unwrap());
    }
    count
}

async fn click(browser: &Client, selector: &str) {
    let element = browser.find(Locator::Css(selector)).await.unwrap();
    element.click().await.unwrap();
}

/// A report with breaking, risky, additive and cosmetic changes in both directions.
fn page() -> String {
    let text = include_str!("fixtures/everything.json");
    let old: Value = serde_json::from_str(text).unwrap();
    let mut new = old.clone();
    let mut number = 0;
    let schemas = new["components"]["schemas"].as_object_mut().unwrap();
    for schema in schemas.values_mut() {
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            continue;
        };
        properties.insert("extra".to_owned(), json!({"type": "string"}));
        if let Some(property) = properties.values_mut().next() {
            number += 1;
            *property = json!({"type": "integer", "maximum": number});
        }
    }
    let paths = new["paths"].as_object_mut().unwrap();
    let first = paths.keys().next().unwrap().clone();
    paths.remove(&first);
    let report = spec_diff::compare(&old, &new, None);
    assert!(report.changes.len() > 5, "{}", report.changes.len());
    let names = Names {
        old: "a/rather/long/path/to/the/old/specification/of/the/api.json",
        new: "spec/video-api.json",
    };
    output::html(&report, names)
}

#[tokio::test]
async fn filters_hide_changes_and_links_lead_to_them() {
    let Some(driver) = Driver::start("filters") else {
        return;
    };
    let browser = driver.open(&page(), 1200, false, true).await;
    let all = displayed(&browser, ".change").await;
    let breaking = displayed(&browser, ".change.breaking").await;
    assert!(breaking > 0 && breaking < all, "{breaking} of {all}");
    assert_eq!(displayed(&browser, ".filters").await, 1);

    click(&browser, "input[value=breaking]").await;
    assert_eq!(displayed(&browser, ".change.breaking").await, 0);
    assert_eq!(displayed(&browser, ".change").await, all - breaking);
    let said = browser.find(Locator::Css(".filters output")).await.unwrap();
    let said = said.text().await.unwrap();
    assert_eq!(said, format!("{} of {all} shown", all - breaking));
    click(&browser, "input[value=breaking]").await;

    let search = browser
        .find(Locator::Css("input[type=search]"))
        .await
        .unwrap();
    search.send_keys("EXTRA is new").await.unwrap();
    let found = displayed(&browser, ".change").await;
    assert!(found > 0 && found < all, "{found} of {all}");
    search.clear().await.unwrap();
    search.send_keys("nothing says this").await.unwrap();
    assert_eq!(displayed(&browser, ".change").await, 0);
    assert_eq!(displayed(&browser, ".group h3").await, 0);
    search.clear().await.unwrap();
    search.send_keys(" ").await.unwrap();
    assert_eq!(displayed(&browser, ".change").await, all);

    click(&browser, ".operation summary").await;
    let link = browser
        .find(Locator::Css(".operation[open] a"))
        .await
        .unwrap();
    let anchor = link.attr("href").await.unwrap().unwrap();
    link.click().await.unwrap();
    assert!(
        browser
            .current_url()
            .await
            .unwrap()
            .as_str()
            .ends_with(&anchor)
    );
    assert_eq!(displayed(&browser, &format!("{anchor}:target")).await, 1);
    browser.close().await.unwrap();
}

#[tokio::test]
async fn everything_can_be_read_without_scripts() {
    let Some(driver) = Driver::start("scripts") else {
        return;
    };
    let browser = driver.open(&page(), 1200, true, false).await;
    assert_eq!(displayed(&browser, ".filters").await, 0);
    let all = browser
        .find_all(Locator::Css(".change"))
        .await
        .unwrap()
        .len();
    assert_eq!(displayed(&browser, ".change").await, all);
    click(&browser, ".operation summary").await;
    assert!(displayed(&browser, ".operation[open] a").await > 0);
    click(&browser, ".contents a[href='#types']").await;
    assert_eq!(displayed(&browser, "#types:target").await, 1);
    browser.close().await.unwrap();
}

#[tokio::test]
async fn nothing_is_cut_off_in_a_narrow_window() {
    let Some(driver) = Driver::start("narrow") else {
        return;
    };
    let (old, new) = (json!({"a": 1}), json!({"a": 2}));
    let report = spec_diff::compare(&old, &new, None);
    let version = Version {
        name: "2.0, a/rather/long/path/to/the/specification/of/the/api.json",
        date: Some("2030-01-31"),
        report: &report,
    };
    let log = output::log_html("spec/a_file_with_quite_a_long_name.json", &[version]);
    for (page, dark) in [(page(), false), (log, true)] {
        let browser = driver.open(&page, 500, dark, true).await;
        let script = "return [document.documentElement.scrollWidth, window.innerWidth]";
        let widths = browser.execute(script, Vec::new()).await.unwrap();
        assert!(
            widths[0].as_u64().unwrap() <= widths[1].as_u64().unwrap(),
            "{widths}"
        );
        browser.close().await.unwrap();
    }
}
