//! API key, token, claims.

use axum::http::HeaderMap;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use crate::error::{ApiError, code};

/// The caller, as its token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user of a user token; `None` for a server token.
    pub(crate) user: Option<String>,
    /// The role that a user token claims.
    pub(crate) role: Option<String>,
    /// The calls that a call token reaches; `None` reaches all.
    pub(crate) call_cids: Option<Vec<String>>,
}

/// How far ahead of this machine's clock a token may be issued, in seconds.
const ISSUED_AHEAD: f64 = 60.0;

impl Caller {
    /// The owner of the server, named by no token.
    pub(crate) fn server() -> Self {
        Self {
            user: None,
            role: None,
            call_cids: None,
        }
    }

    /// Returns true if this token reaches the call.
    pub(crate) fn reaches(&self, cid: &str) -> bool {
        self.call_cids
            .as_ref()
            .is_none_or(|cids| cids.iter().any(|allowed| allowed == cid))
    }
}

/// Checks key, `stream-auth-type` and token; `now` is in seconds. Unless `strict`, what official
/// clients write passes: any token that fits the secret, times with a fraction, `bearer`.
pub(crate) fn authenticate(
    key: &str,
    secret: &str,
    strict: bool,
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
    let token = match token.split_once(' ') {
        Some(("Bearer", token)) => token,
        Some((scheme, token)) if !strict && scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => token,
    };
    read_claims(&verify(token, secret)?, strict, now)
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

fn read_claims(claims: &Map<String, Value>, strict: bool, now: i64) -> Result<Caller, ApiError> {
    #[allow(clippy::cast_precision_loss, reason = "seconds are far from the limit")]
    let now = now as f64;
    let ahead = if strict { 0.0 } else { ISSUED_AHEAD };
    if seconds(claims, "exp", strict)?.is_some_and(|expires| expires <= now) {
        return Err(ApiError::auth(code::TOKEN_EXPIRED, "the token has expired"));
    }
    if seconds(claims, "nbf", strict)?.is_some_and(|start| start > now + ahead) {
        return Err(ApiError::auth(
            code::TOKEN_NOT_YET,
            "the token is not valid yet",
        ));
    }
    if seconds(claims, "iat", strict)?.is_some_and(|issued| issued > now + ahead) {
        return Err(ApiError::auth(
            code::TOKEN_IAT,
            "the token is used before it was issued",
        ));
    }
    let user = match claims.get("user_id") {
        None => None,
        Some(Value::Null) if !strict => None,
        Some(Value::String(user)) if !user.is_empty() => Some(user.clone()),
        Some(_) => return Err(failed("the claim user_id must be a string with content")),
    };
    let is_server = match claims.get("server") {
        None => !strict,
        Some(Value::Bool(server)) => *server,
        Some(_) => return Err(failed("the claim server must be a boolean")),
    };
    if user.is_none() && !is_server {
        return Err(failed("the token claims neither server nor user_id"));
    }
    let call_cids = claims.get("call_cids").filter(|cids| !cids.is_null());
    Ok(Caller {
        user,
        role: claims
            .get("role")
            .and_then(Value::as_str)
            .map(str::to_owned),
        call_cids: call_cids.map(read_cids).transpose()?,
    })
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

fn seconds(claims: &Map<String, Value>, name: &str, strict: bool) -> Result<Option<f64>, ApiError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Null) if !strict => Ok(None),
        Some(value) if strict && !value.is_i64() => {
            Err(failed(&format!("the claim {name} must be whole seconds")))
        }
        Some(value) => value
            .as_f64()
            .map(Some)
            .ok_or_else(|| failed(&format!("the claim {name} must be seconds"))),
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
