//! Users, tasks and external storage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) role: String,
    pub(crate) language: String,
    pub(crate) invisible: bool,
    pub(crate) teams: Vec<String>,
    pub(crate) teams_role: BTreeMap<String, String>,
    pub(crate) privacy_settings: Option<Value>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_active: Option<i64>,
    pub(crate) deactivated_at: Option<i64>,
    pub(crate) deleted_at: Option<i64>,
}

impl User {
    /// A user with nothing but an id, the role `user` and the time since when there is one.
    pub(crate) fn new(id: &str, created_at: i64) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            image: None,
            role: "user".to_owned(),
            language: String::new(),
            invisible: false,
            teams: Vec::new(),
            teams_role: BTreeMap::new(),
            privacy_settings: None,
            custom: Map::new(),
            created_at,
            updated_at: created_at,
            last_active: None,
            deactivated_at: None,
            deleted_at: None,
        }
    }
}

/// A task that was done in the background, which here is at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) created_at: i64,
    pub(crate) result: Map<String, Value>,
}

/// A place for recordings and transcriptions that the customer owns.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExternalStorage {
    pub(crate) name: String,
    pub(crate) bucket: String,
    pub(crate) path: String,
    /// `s3`, `gcs` or `abs`.
    pub(crate) kind: String,
}
