//! Finds the operation for a raw path, before anything is decoded.

use crate::percent;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Static(String),
    Parameter(String),
}

#[derive(Debug)]
struct Route {
    method: String,
    segments: Vec<Segment>,
    operation: usize,
}

/// The routes of a spec.
#[derive(Debug, Default)]
pub(crate) struct Router {
    routes: Vec<Route>,
}

/// What a path and method lead to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// An operation, with its path values decoded, in path order.
    Found {
        operation: usize,
        values: Vec<(String, String)>,
    },
    /// The path exists with these methods only.
    WrongMethod(Vec<String>),
    /// No such path.
    NotFound,
    /// A segment that cannot be decoded.
    Malformed(String),
}

impl Router {
    pub(crate) fn add(&mut self, method: &str, template: &str, operation: usize) {
        let segments = template
            .split('/')
            .map(|segment| {
                segment
                    .strip_prefix('{')
                    .and_then(|segment| segment.strip_suffix('}'))
                    .map_or_else(
                        || Segment::Static(segment.to_owned()),
                        |name| Segment::Parameter(name.to_owned()),
                    )
            })
            .collect();
        self.routes.push(Route {
            method: method.to_ascii_uppercase(),
            segments,
            operation,
        });
    }

    /// Looks up a raw path: split first, decode each segment once, so that an
    /// encoded `/` stays part of its value. Static segments win over parameters.
    pub(crate) fn find(&self, method: &str, raw_path: &str) -> Match {
        let mut segments = Vec::new();
        for segment in raw_path.split('/') {
            match percent::decode(segment, false) {
                Ok(decoded) => segments.push(decoded),
                Err(reason) => return Match::Malformed(reason),
            }
        }
        let fitting: Vec<&Route> = self
            .routes
            .iter()
            .filter(|route| route.fits(&segments))
            .collect();
        let best = fitting
            .iter()
            .filter(|route| route.method == method)
            .min_by_key(|route| route.specificity());
        match best {
            Some(route) => Match::Found {
                operation: route.operation,
                values: route.values(segments),
            },
            None if fitting.is_empty() => Match::NotFound,
            None => {
                let mut methods: Vec<_> =
                    fitting.iter().map(|route| route.method.clone()).collect();
                methods.sort();
                methods.dedup();
                Match::WrongMethod(methods)
            }
        }
    }
}

impl Route {
    fn fits(&self, segments: &[String]) -> bool {
        self.segments.len() == segments.len()
            && self.segments.iter().zip(segments).all(|pair| match pair {
                (Segment::Static(expected), actual) => expected == actual,
                (Segment::Parameter(_), actual) => !actual.is_empty(),
            })
    }

    fn specificity(&self) -> Vec<bool> {
        self.segments
            .iter()
            .map(|segment| matches!(segment, Segment::Parameter(_)))
            .collect()
    }

    fn values(&self, segments: Vec<String>) -> Vec<(String, String)> {
        self.segments
            .iter()
            .zip(segments)
            .filter_map(|(segment, value)| match segment {
                Segment::Static(_) => None,
                Segment::Parameter(name) => Some((name.clone(), value)),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, Router};

    fn router() -> Router {
        let mut router = Router::default();
        router.add("get", "/call/{type}/{id}", 0);
        router.add("post", "/call/{type}/{id}", 1);
        router.add("post", "/call/{type}/feedback", 2);
        router.add("get", "/call/{type}/{id}/{session}/x", 3);
        router.add("get", "/call/{type}/{id}/session/{name}", 4);
        router
    }

    fn operation(found: Match) -> usize {
        match found {
            Match::Found { operation, .. } => operation,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_encoded_slash_stays_in_its_value() {
        let found = router().find("GET", "/call/default/a%2Fb%2525");
        let values = vec![
            ("type".to_owned(), "default".to_owned()),
            ("id".to_owned(), "a/b%25".to_owned()),
        ];
        assert_eq!(
            found,
            Match::Found {
                operation: 0,
                values
            }
        );
    }

    #[test]
    fn static_segments_win() {
        assert_eq!(operation(router().find("POST", "/call/a/feedback")), 2);
        assert_eq!(operation(router().find("POST", "/call/a/b")), 1);
        assert_eq!(operation(router().find("GET", "/call/a/feedback")), 0);
        assert_eq!(operation(router().find("GET", "/call/a/b/session/x")), 4);
        assert_eq!(operation(router().find("GET", "/call/a/b/other/x")), 3);
    }

    #[test]
    fn misses_say_what_is_wrong() {
        let router = router();
        assert_eq!(router.find("GET", "/call/a"), Match::NotFound);
        assert_eq!(router.find("GET", "/call/a/"), Match::NotFound);
        assert_eq!(router.find("GET", "/call//b"), Match::NotFound);
        assert_eq!(
            router.find("PUT", "/call/a/b"),
            Match::WrongMethod(vec!["GET".into(), "POST".into()])
        );
        assert!(matches!(
            router.find("GET", "/call/a/%zz"),
            Match::Malformed(_)
        ));
    }
}
