//! The checked base URL.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::Error;

/// A checked base URL, without a slash at its end.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    text: String,
    host: String,
    port: u16,
    loopback: bool,
    plain: bool,
}

impl BaseUrl {
    pub(crate) const DEFAULT: &str = "https://video.stream-io-api.com";

    pub(crate) fn parse(text: &str, allow_insecure: bool) -> Result<Self, Error> {
        // The text is not repeated in errors: it may contain a password.
        let invalid = |problem: &str| Error::invalid(format!("invalid base URL: {problem}"));
        let url = Url::parse(text.trim()).map_err(|error| {
            invalid(&format!(
                "{error}; write {} or http://localhost:8787",
                Self::DEFAULT
            ))
        })?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let loopback = is_loopback(&host);
        let problem = if !url.username().is_empty() || url.password().is_some() {
            Some("remove the user name and password")
        } else if url.query().is_some() || url.fragment().is_some() {
            Some("remove the query and the fragment")
        } else if host.is_empty() {
            Some("write the scheme as well, as in http://localhost:8787")
        } else {
            match url.scheme() {
                "https" => None,
                "http" if loopback || allow_insecure => None,
                "http" => Some(
                    "plain http would expose tokens to the network; write https://, or call `allow_insecure_http(true)`",
                ),
                _ => Some("write https://"),
            }
        };
        if let Some(problem) = problem {
            return Err(invalid(problem));
        }
        Ok(Self {
            port: url.port_or_known_default().unwrap_or(443),
            text: url.as_str().trim_end_matches('/').to_owned(),
            plain: url.scheme() == "http",
            host,
            loopback,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Without TLS.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_http_only_on_loopback() {
        for (text, allow, ok) in [
            (BaseUrl::DEFAULT, false, true),
            ("https://proxy.example/video/", false, true),
            ("http://127.0.0.1:80", false, true),
            ("http://127.8.8.8", false, true),
            ("http://[::1]:8080", false, true),
            ("http://localhost:3000", false, true),
            ("http://example.com", false, false),
            ("http://localhost.example.com", false, false),
            ("http://127.0.0.1.example.com", false, false),
            ("http://10.0.0.1", false, false),
            ("http://10.0.0.1", true, true),
            ("ftp://localhost", true, false),
            ("https://ana:pw@example.com", false, false),
            ("https://example.com?x=1", false, false),
            ("https://example.com#x", false, false),
            ("video.stream-io-api.com", false, false),
            ("localhost:8787", false, false),
            ("", false, false),
        ] {
            let got = BaseUrl::parse(text, allow);
            assert_eq!(got.is_ok(), ok, "{text}");
            assert!(
                got.is_ok()
                    || got.is_err_and(|e| e.is_invalid_request() && !e.to_string().contains("pw"))
            );
        }
        let base = BaseUrl::parse("https://proxy.example/video/", false).unwrap();
        assert_eq!(
            (base.as_str(), base.host(), base.port()),
            ("https://proxy.example/video", "proxy.example", 443)
        );
    }
}
