//! Errors of the local routes.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::error::ApiError;

/// A status and why.
#[derive(Debug)]
pub(super) struct LocalError {
    status: StatusCode,
    message: String,
}

pub(super) type LocalResult = Result<Json<serde_json::Value>, LocalError>;

impl LocalError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }
}

impl From<ApiError> for LocalError {
    fn from(error: ApiError) -> Self {
        Self {
            status: StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST),
            message: error.message,
        }
    }
}

impl IntoResponse for LocalError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}

pub(super) async fn unknown_route(uri: Uri) -> LocalError {
    LocalError::not_found(format!(
        "there is no local route {}; /_local/openapi.json lists them",
        uri.path()
    ))
}

pub(super) async fn wrong_method() -> LocalError {
    LocalError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        message: "not with this method; the header Allow names those that fit".into(),
    }
}

/// A JSON body, whatever its content type says; an empty one reads as `{}`.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = LocalError;

    async fn from_request(request: Request, state: &S) -> Result<Self, LocalError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| LocalError::invalid(rejection.body_text()))?;
        let bytes = if bytes.is_empty() { &b"{}"[..] } else { &bytes };
        let read: Result<Json<T>, JsonRejection> = Json::from_bytes(bytes);
        read.map(|Json(value)| Self(value))
            .map_err(|rejection| LocalError::invalid(rejection.body_text()))
    }
}
