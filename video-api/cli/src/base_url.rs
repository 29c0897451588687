//! Checks a base URL, so that errors speak of flags and not of the library's methods.

use std::net::IpAddr;

use reqwest::Url;

use crate::exit::Failure;

/// Refuses what cannot be a base URL, with what was probably meant.
pub(crate) fn check(url: &str, allow_http: bool) -> Result<(), Failure> {
    match problem(url.trim(), allow_http) {
        Some(problem) => Err(Failure::usage(problem)),
        None => Ok(()),
    }
}

fn problem(url: &str, allow_http: bool) -> Option<String> {
    // It may be a password, so the URL is not repeated.
    if url.contains('@') {
        return Some("the base URL has a user name or a password; remove them".to_owned());
    }
    let Some((scheme, _)) = url
        .split_once("://")
        .filter(|(scheme, _)| !scheme.is_empty())
    else {
        let rest = url.trim_start_matches(['/', ':']);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let scheme = match is_this_machine(host) || rest.starts_with("[::1]") {
            true => "http",
            false => "https",
        };
        return Some(format!(
            "the base URL `{url}` has no scheme; did you mean {scheme}://{rest}?"
        ));
    };
    let parsed = match Url::parse(url) {
        Ok(parsed) => parsed,
        Err(error) => return Some(format!("the base URL `{url}` is not a URL: {error}")),
    };
    let host = parsed.host_str().unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "https" => None,
        "http" if allow_http || is_this_machine(host) => None,
        "http" => Some(format!(
            "the base URL `{url}` would show tokens to the network; write https://, or, in a network \
             that you trust, use --allow-insecure-http"
        )),
        _ => Some(format!("the base URL `{url}` must begin with https://")),
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_in_the_words_of_the_command_line() {
        for (url, says) in [
            ("localhost:8787", "did you mean http://localhost:8787?"),
            ("127.0.0.1:8787", "did you mean http://127.0.0.1:8787?"),
            ("[::1]:8787", "did you mean http://[::1]:8787?"),
            ("//localhost:8787", "did you mean http://localhost:8787?"),
            ("://localhost:8787", "did you mean http://localhost:8787?"),
            ("api.example/v2", "did you mean https://api.example/v2?"),
            ("http://10.0.0.1", "use --allow-insecure-http"),
            ("http://localhost:port", "invalid port number"),
            ("https://", "empty host"),
            ("ftp://localhost", "must begin with https://"),
            ("https://ana:hush@example.com", "remove them"),
            ("ana:hush@example.com", "remove them"),
        ] {
            let problem = problem(url, false).unwrap_or_default();
            assert!(problem.contains(says), "{url}: {problem}");
            assert!(!problem.contains("hush"), "{problem}");
        }
        for url in [
            "https://api.example",
            "HTTP://localhost:1",
            "http://[::1]:8787",
        ] {
            assert_eq!(problem(url, false), None, "{url}");
        }
        assert_eq!(problem("http://10.0.0.1", true), None);
    }
}
