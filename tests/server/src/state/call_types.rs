//! Call types: settings and grants that calls start with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The call types that exist from the start.
const BUILT_IN: &str = include_str!("../defaults/call_types.json");
/// When they were made, for their timestamps: 2024-01-01.
const BUILT_IN_SINCE: i64 = 1_704_067_200_000_000_000;

/// A call type, in the terms of responses.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CallType {
    pub(crate) name: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) settings: Map<String, Value>,
    pub(crate) grants: BTreeMap<String, Vec<String>>,
    pub(crate) notification_settings: Map<String, Value>,
    pub(crate) external_storage: Option<String>,
}

#[derive(Deserialize)]
struct Defaults {
    settings: Map<String, Value>,
    notification_settings: Map<String, Value>,
    grants: BTreeMap<String, Vec<String>>,
    /// By name: what differs from the above.
    call_types: BTreeMap<String, Difference>,
}

#[derive(Deserialize)]
struct Difference {
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    grants: BTreeMap<String, Vec<String>>,
}

fn defaults() -> Option<Defaults> {
    serde_json::from_str(BUILT_IN).ok()
}

/// The call types that exist from the start.
pub(super) fn built_in() -> Vec<CallType> {
    let Some(defaults) = defaults() else {
        return Vec::new();
    };
    let differences = defaults.call_types.iter();
    differences
        .map(|(name, difference)| {
            let mut grants = defaults.grants.clone();
            grants.extend(difference.grants.clone());
            let mut settings = defaults.settings.clone();
            merge_settings(&mut settings, &difference.settings);
            CallType {
                name: name.clone(),
                created_at: BUILT_IN_SINCE,
                updated_at: BUILT_IN_SINCE,
                settings,
                grants,
                notification_settings: defaults.notification_settings.clone(),
                external_storage: None,
            }
        })
        .collect()
}

impl CallType {
    /// A new one with the settings and grants of `default`.
    pub(crate) fn new(name: &str, now: i64) -> Option<Self> {
        let defaults = defaults()?;
        Some(Self {
            name: name.to_owned(),
            created_at: now,
            updated_at: now,
            settings: defaults.settings,
            grants: defaults.grants,
            notification_settings: defaults.notification_settings,
            external_storage: None,
        })
    }
}

/// Puts settings of a request over known ones. Free maps are replaced as a whole.
pub(crate) fn merge_settings(base: &mut Map<String, Value>, overlay: &Map<String, Value>) {
    for (name, value) in overlay {
        let is_whole = matches!(name.as_str(), "options" | "video_encoding_options" | "data");
        match (base.get_mut(name), value) {
            (_, Value::Null) => {}
            (Some(Value::Object(known)), Value::Object(new)) if !is_whole => {
                merge_settings(known, new);
            }
            _ => {
                let mut value = value.clone();
                if let ("audio_encoding_options", Value::Object(options)) =
                    (name.as_str(), &mut value)
                {
                    // Requests may leave it out, responses may not.
                    options.entry("enable_dtx").or_insert(false.into());
                }
                base.insert(name.clone(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::built_in;

    #[test]
    fn four_types_exist_from_the_start() {
        let types = built_in();
        let names: Vec<&str> = types.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            ["audio_room", "default", "development", "livestream"]
        );
        let of = |name: &str| {
            types
                .iter()
                .find(|one| one.name == name)
                .map(|one| &one.settings)
        };
        assert_eq!(
            of("livestream").map(|one| &one["backstage"]["enabled"]),
            Some(&true.into())
        );
        assert_eq!(
            of("default").map(|one| &one["backstage"]["enabled"]),
            Some(&false.into())
        );
    }
}
