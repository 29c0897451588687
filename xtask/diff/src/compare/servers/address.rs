//! Addresses of servers as they are compared.

use std::collections::BTreeSet;

use openapi_document::placeholders;
use serde_json::Value;

use crate::compare::fields::entries;

/// Most addresses that a server with variables is written out to.
const MOST: usize = 64;

/// The address as it is written.
pub(super) fn url(server: &Value) -> &str {
    server
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The address with scheme and host in small letters, without the default port and without the
/// slash at its end, to which paths are appended all the same.
pub(super) fn plain(url: &str) -> String {
    let url = without_slash(url);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    let host = host.strip_suffix(port).unwrap_or(host);
    format!("{scheme}://{}{path}", lowercase(host))
}

/// Small letters, but for the names of variables.
fn lowercase(host: &str) -> String {
    let mut inside = false;
    let small = |letter: char| {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ => {}
        }
        if inside {
            letter
        } else {
            letter.to_ascii_lowercase()
        }
    };
    host.chars().map(small).collect()
}

pub(super) fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

/// Every address that a server stands for; none when a variable takes any value, or too many.
pub(super) fn written_out(server: &Value) -> Option<BTreeSet<String>> {
    let url = url(server);
    let mut all = vec![url.to_owned()];
    for name in placeholders(url) {
        let values = entries(server.get("variables")?.get(name)?, "enum");
        if values.is_empty() || all.len() * values.len() > MOST {
            return None;
        }
        let place = format!("{{{name}}}");
        let mut next = Vec::new();
        for value in values {
            let value = value.as_str()?;
            next.extend(all.iter().map(|url| url.replace(&place, value)));
        }
        all = next;
    }
    Some(all.iter().map(|url| plain(url)).collect())
}

#[cfg(test)]
mod tests {
    use super::{plain, written_out};
    use serde_json::json;

    #[test]
    fn ports_and_hosts_are_written_in_one_way() {
        assert_eq!(
            plain("HTTPS://Api.Example.com:443/V1/"),
            "https://api.example.com/V1"
        );
        assert_eq!(plain("http://a:443"), "http://a:443");
        assert_eq!(plain("https://{Region}.A.com"), "https://{Region}.a.com");
        assert_eq!(plain("/V1/"), "/V1");
    }

    #[test]
    fn variables_with_listed_values_are_written_out() {
        let server = json!({"url": "https://{r}.a/{v}", "variables": {
            "r": {"enum": ["eu", "us"]}, "v": {"enum": ["1"]}
        }});
        let all: Vec<String> = written_out(&server).into_iter().flatten().collect();
        assert_eq!(all, ["https://eu.a/1", "https://us.a/1"]);
        let free = json!({"url": "https://{r}.a", "variables": {"r": {"default": "eu"}}});
        assert_eq!(written_out(&free), None);
    }
}
