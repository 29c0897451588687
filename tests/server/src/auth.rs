//! API key, token, claims.

use axum::http::HeaderMap;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use crate::error::{ApiError, code};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user of a user token; `None` for a server token.
    pub(crate) user: Option<String>,
    /// The calls that a call token reaches; `None` reaches all.
    pub(crate) call_cids: Option<Vec<String>>,
}

impl Caller {
    /// Whether this token may touch the call.
    pub(crate) fn reaches(&self, cid: &str) -> bool {
        self.call_cids
            .as_ref()
            .is_none_or(|cids| cids.iter().any(|allowed| allowed == cid))
    }
}

/// Checks key, `stream-auth-type` and token; `now` is in seconds.
pub(crate) fn authenticate(
    key: &str,
    secret: &str,
    headers: &HeaderMap,
    query: &[(String, String)],
    now: i64,
) -> Result<Caller, ApiError> {
    let keys: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == "api_key")
        .map(|(_, value)| value.as_str())
        .collect();
    match keys.as_slice() {
        [given] if *given == key => {}
        [] => return Err(access("the query parameter api_key is missing")),
        [_] => return Err(access("the api_key is not known here")),
        _ => return Err(access("api_key is given more than once")),
    }
    if single_header(headers, "stream-auth-type")? != Some("jwt") {
        return Err(failed("the header stream-auth-type must be jwt"));
    }
    let token = single_header(headers, "authorization")?
        .ok_or_else(|| failed("the header Authorization is missing"))?;
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    read_claims(&verify(token, secret)?, now)
}

fn verify(token: &str, secret: &str) -> Result<Map<String, Value>, ApiError> {
    // Times are checked by hand: each failure has its own code.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)
        .map(|decoded| decoded.claims)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => {
                ApiError::auth(code::SIGNATURE, "the token's signature is not valid")
            }
            ErrorKind::InvalidAlgorithm => failed("the token must be signed with HS256"),
            _ => failed("the token cannot be read as a JWT"),
        })
}

fn read_claims(claims: &Map<String, Value>, now: i64) -> Result<Caller, ApiError> {
    if seconds(claims, "exp")?.is_some_and(|expires| expires <= now) {
        return Err(ApiError::auth(code::TOKEN_EXPIRED, "the token has expired"));
    }
    if seconds(claims, "nbf")?.is_some_and(|start| start > now) {
        return Err(ApiError::auth(
            code::TOKEN_NOT_YET,
            "the token is not valid yet",
        ));
    }
    if seconds(claims, "iat")?.is_some_and(|issued| issued > now) {
        return Err(ApiError::auth(
            code::TOKEN_IAT,
            "the token is used before it was issued",
        ));
    }
    let user = match claims.get("user_id") {
        None => None,
        Some(Value::String(user)) if !user.is_empty() => Some(user.clone()),
        Some(_) => return Err(failed("the claim user_id must be a string with content")),
    };
    let is_server = match claims.get("server") {
        None => false,
        Some(Value::Bool(server)) => *server,
        Some(_) => return Err(failed("the claim server must be a boolean")),
    };
    if user.is_none() && !is_server {
        return Err(failed("the token claims neither server nor user_id"));
    }
    let call_cids = claims.get("call_cids").map(read_cids).transpose()?;
    Ok(Caller { user, call_cids })
}

fn read_cids(claim: &Value) -> Result<Vec<String>, ApiError> {
    claim
        .as_array()
        .and_then(|cids| {
            cids.iter()
                .map(|cid| cid.as_str().filter(|cid| cid.contains(':')))
                .map(|cid| cid.map(str::to_owned))
                .collect()
        })
        .ok_or_else(|| failed("the claim call_cids must be a list of type:id"))
}

fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, ApiError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| failed(&format!("the claim {name} must be whole seconds"))),
    }
}

fn single_header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(failed(&format!(
            "the header {name} is given more than once"
        )));
    }
    first
        .map(|value| value.to_str())
        .transpose()
        .map_err(|_| failed(&format!("the header {name} is not plain text")))
}

fn access(message: &str) -> ApiError {
    ApiError::auth(code::ACCESS_KEY, message)
}

fn failed(message: &str) -> ApiError {
    ApiError::auth(code::AUTH_FAILED, message)
}
