//! The top of the document: versions and tags.

use serde_json::Value;

use super::context::{Findings, Sides};
use super::fact::Fact;
use super::fields::same_set;
use super::{servers, webhooks};
use crate::rules;

/// Compares everything but servers, paths, webhook events and components.
pub(super) fn compare<'a>(sides: &Sides<'a>) -> Findings<'a> {
    let mut found = Findings::default();
    let pair = (sides.old.root, sides.new.root);
    if pair.0.get("openapi") != pair.1.get("openapi") {
        let text = "the version of OpenAPI is another one";
        let rule = &rules::OPENAPI_VERSION_CHANGED;
        found.report(Fact::keyword(rule, "openapi", pair.0, pair.1, text));
    }
    info(&mut found, pair);
    servers::of_document(sides, &mut found);
    tags(&mut found, pair);
    webhooks::document(&mut found, sides);
    let handled = [
        "openapi",
        "info",
        "servers",
        "tags",
        "paths",
        "components",
        "security",
        webhooks::EVENTS,
        webhooks::WEBHOOKS,
    ];
    found.remaining(pair, &handled);
    found
}

fn info<'a>(found: &mut Findings<'a>, pair: (&'a Value, &'a Value)) {
    match (pair.0.get("info"), pair.1.get("info")) {
        (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) => {
            if old.get("version") != new.get("version") {
                let text = "the version is another one";
                let fact = Fact::keyword(&rules::VERSION_CHANGED, "version", old, new, text);
                found.report(fact);
            }
            for key in ["contact", "license", "termsOfService"] {
                if old.get(key) != new.get(key) {
                    let text = format!("{key} reads differently");
                    let fact = Fact::keyword(&rules::PROSE_CHANGED, key, old, new, text);
                    found.report(fact);
                }
            }
            let handled = ["version", "contact", "license", "termsOfService"];
            found.remaining((old, new), &handled);
        }
        (old, new) if old == new => {}
        _ => {
            let text = "info is missing or malformed";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "info", pair.0, pair.1, text);
            found.report(fact);
        }
    }
}

/// Descriptions of tags; their order means nothing.
fn tags<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let (left, right) = (old.get("tags"), new.get("tags"));
    if left == right {
        return;
    }
    if let (Some(Value::Array(left)), Some(Value::Array(right))) = (left, right)
        && left.len() == right.len()
        && same_set(left, right)
    {
        return;
    }
    let text = "the descriptions of tags are different";
    let fact = Fact::keyword(&rules::TAGS_CHANGED, "tags", old, new, text);
    found.report(fact);
}
