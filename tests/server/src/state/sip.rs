//! SIP trunks and routing rules.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A SIP trunk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Trunk {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) allowed_ips: Vec<String>,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A rule that leads callers into calls.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RoutingRule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) trunk_ids: Vec<String>,
    pub(crate) called_numbers: Vec<String>,
    pub(crate) caller_numbers: Vec<String>,
    pub(crate) caller: Map<String, Value>,
    pub(crate) call: Option<Map<String, Value>>,
    pub(crate) direct: Option<Map<String, Value>>,
    pub(crate) pin: Option<Map<String, Value>>,
    pub(crate) pin_protection: Option<Map<String, Value>>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
