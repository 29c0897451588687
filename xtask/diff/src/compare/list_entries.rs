//! One value where a list of such values is taken now.

use serde_json::Value;

use super::context::Sides;

/// The schema of the entries of a list, when one such value was taken before and still is.
pub(super) fn entries_of_list<'a>(
    sides: &Sides<'a>,
    (before, after): (&'a Value, &'a Value),
) -> Option<&'a Value> {
    let list = sides.new.peel_through(after).target;
    let entries = list.get("items").filter(|_| kind(list) == Some("array"))?;
    let single = sides.old.peel_through(before).target;
    let entry = sides.new.peel_through(entries).target;
    let fits = match (kind(single)?, kind(entry)?) {
        ("integer", "number") => true,
        (before, after) => before == after && !matches!(before, "array" | "object"),
    };
    let least = list.get("minItems");
    let takes_one = least.is_none_or(|least| least.as_u64().is_some_and(|least| least <= 1));
    (fits && takes_one).then_some(entries)
}

pub(super) fn kind(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}
