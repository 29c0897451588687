//! Routes for whoever runs this server, beside those of the API.

/// What all local routes start with. No API has such a path.
pub(crate) const PREFIX: &str = "/_local";

/// Whether a path is one of the local routes.
pub(crate) fn is_local(path: &str) -> bool {
    let rest = path.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
