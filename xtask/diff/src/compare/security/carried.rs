//! The credentials that a webhook or callback carries.

use serde_json::Value;

use super::schemes::{link_schemes, listed};
use crate::compare::context::{Findings, Sides};
use crate::compare::direction::Via;
use crate::compare::fact::Fact;
use crate::compare::fields::same_set;
use crate::rules;

/// Compares the security of two requests that the server makes.
pub(in crate::compare) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&'a Value, &'a Value),
) {
    let (before, after) = (old.get("security"), new.get("security"));
    let (left, right) = (listed(before), listed(after));
    link_schemes(sides, found, via, (left, right));
    if before == after {
        return;
    }
    let is_list = |list: Option<&Value>| list.is_none_or(Value::is_array);
    let same = is_list(before) && is_list(after) && same_set(left, right);
    let (rule, text) = if same {
        (&rules::RESTATED, "the same security is written differently")
    } else {
        let text = "the request carries other credentials";
        (&rules::WEBHOOK_SECURITY_CHANGED, text)
    };
    let since = found.count();
    found.report(Fact::keyword(rule, "security", old, new, text));
    found.file_under(via, since);
}
