//! The schemes that alternatives name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::Via;

pub(super) fn listed(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The names of the schemes of one alternative.
pub(super) fn schemes(alternative: &Value) -> Vec<&str> {
    let map = alternative.as_object().into_iter().flatten();
    map.map(|(name, _)| name.as_str()).collect()
}

/// Links the schemes that some alternatives name.
pub(super) fn link_schemes<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (left, right): (&'a [Value], &'a [Value]),
) {
    let used: BTreeSet<&str> = left.iter().chain(right).flat_map(schemes).collect();
    for name in used {
        let scheme = |root: &'a Value| root.get("components")?.get("securitySchemes")?.get(name);
        if let (Some(old), Some(new)) = (scheme(sides.old.root), scheme(sides.new.root)) {
            found.link_via(Kind::SecurityScheme, via, old, new);
        }
    }
}
