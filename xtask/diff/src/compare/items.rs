//! Path items: which paths exist, and what they say beside their operations.

use std::collections::HashMap;

use openapi_document::METHODS;
use serde_json::Value;

use super::context::{Findings, Kind, Sides};
use super::fact::Fact;
use super::fields::{other_field, union};
use super::{parameter, servers};
use crate::read::{Operation, address};
use crate::rules;

/// Compares the maps of path items.
pub(super) fn compare<'a>(sides: &Sides<'a>) -> Findings<'a> {
    let mut found = Findings::default();
    let roots = (sides.old.root, sides.new.root);
    let (left, right) = (&sides.old.operations, &sides.new.operations);
    let (Some(old), Some(new)) = (roots.0.get("paths"), roots.1.get("paths")) else {
        if roots.0.get("paths") != roots.1.get("paths") && left.is_empty() && right.is_empty() {
            let text = "paths are missing on one side";
            found.report(Fact::keyword(
                &rules::UNCLASSIFIED,
                "paths",
                roots.0,
                roots.1,
                text,
            ));
        }
        return found;
    };
    let (Some(old_map), Some(new_map)) = (old.as_object(), new.as_object()) else {
        found.remaining((old, new), &[]);
        return found;
    };
    let alike: HashMap<String, &'a str> = new_map
        .keys()
        .map(|path| (sides.key(path), path.as_str()))
        .collect();
    let renamed: HashMap<&str, &str> = old_map
        .keys()
        .filter(|path| !new_map.contains_key(path.as_str()))
        .filter_map(|path| Some((path.as_str(), *alike.get(&sides.key(path))?)))
        .collect();
    let has_operations = |operations: &[Operation<'_>], path: &str| {
        operations.iter().any(|operation| operation.path == path)
    };
    for path in union(old_map, new_map) {
        let before = old_map.get(path);
        let after = new_map.get(renamed.get(path).copied().unwrap_or(path));
        if path.starts_with("x-") {
            if before != after {
                found.report(other_field(path, (old, before), (new, after)));
            }
            continue;
        }
        match (before, after) {
            (Some(before), Some(after)) => {
                if let Some((before, after)) = found.follow(sides, before, after) {
                    found.link(Kind::Item, before, after);
                }
            }
            (Some(before), None) if !has_operations(left, path) => {
                let text = format!("the empty path {path} is gone");
                found.report(Fact::removed(&rules::PATH_REMOVED, before, new, text));
            }
            (None, Some(after))
                if !has_operations(right, path)
                    && !renamed.values().any(|renamed| *renamed == path) =>
            {
                let text = format!("the empty path {path} is new");
                found.report(Fact::added(&rules::PATH_ADDED, after, old, text));
            }
            _ => {}
        }
    }
    found
}

/// Compares two path items without their operations.
pub(super) fn item<'a>(sides: &Sides<'a>, (old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    let mut handled: Vec<&str> = vec!["parameters", "servers"];
    handled.extend(METHODS.iter().filter(|method| {
        let is_operation = |item: &Value| item.get(method).is_none_or(Value::is_object);
        is_operation(old) && is_operation(new)
    }));
    found.remaining((old, new), &handled);
    servers::of_item(sides, &mut found, (old, new));
    let operations = (&*sides.old.operations, &*sides.new.operations);
    shadowed(sides, &mut found, (old, new), operations);
    found
}

/// Reports parameters of a path that every operation overrides, and what is malformed.
pub(super) fn shadowed<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
    operations: (&[Operation<'a>], &[Operation<'a>]),
) {
    if old.get("parameters") == new.get("parameters") {
        return;
    }
    let of_item = |operations: &[Operation<'a>], item: &Value| -> Vec<Operation<'a>> {
        let all = operations.iter().copied();
        all.filter(|operation| address(operation.item) == address(item))
            .collect()
    };
    let left = of_item(operations.0, old);
    let right = of_item(operations.1, new);
    let before = parameter::unused(&sides.old, old, &left);
    let after = parameter::unused(&sides.new, new, &right);
    for site in before.iter().filter(|site| !after.contains(site)) {
        let text = "a parameter of the path that no operation uses is gone or different";
        found.report(Fact::removed(&rules::RESTATED, site, new, text));
    }
    for site in after.iter().filter(|site| !before.contains(site)) {
        let text = "a parameter of the path that no operation uses is new or different";
        found.report(Fact::added(&rules::RESTATED, site, old, text));
    }
    for (side, other) in [(old, new), (new, old)] {
        let list = side.get("parameters");
        if list.is_some_and(|list| !list.is_array()) {
            let text = "parameters are not a list";
            let rule = &rules::UNCLASSIFIED;
            found.report(Fact::keyword(rule, "parameters", old, new, text));
            break;
        }
        if list.is_some_and(|list| list.as_array().is_some_and(Vec::is_empty))
            && other.get("parameters").is_none()
        {
            let text = "an empty list of parameters comes or goes";
            found.report(Fact::keyword(
                &rules::RESTATED,
                "parameters",
                old,
                new,
                text,
            ));
        }
    }
}
