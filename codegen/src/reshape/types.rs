//! Structs: public fields, lenient decoding, and for what can be sent `new` and setters.

use super::text::{Text, list};
use super::{Module, Unit, docs};
use crate::emit::{Base, Decided};
use crate::error::Error;
use crate::model::{Api, Schema};
use crate::shape::Shape;
use crate::{naming, pointer};
use std::collections::BTreeSet;

/// A field of a generated struct.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) name: String,
    /// Name of the method that sets it.
    pub(crate) setter: String,
    pub(crate) shape: Shape,
    pub(crate) optional: bool,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

pub(crate) fn units(api: &Api, base: &Base) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for (name, schema) in &api.schemas {
        if !api.is_struct(name) {
            continue;
        }
        let fields = fields(api, base, name)?;
        let mut text = Text::default();
        structure(&mut text, name, schema, &fields);
        if schema.sent && !schema.only_a_body {
            constructor(&mut text, name, &fields);
        }
        table(&mut text, name, &fields);
        units.push(Unit {
            module: Module::Types,
            names: vec![name.clone(), schema.wire_name.clone()],
            code: text.finish(),
        });
    }
    Ok(units)
}

/// The fields of a struct in wire-name order.
pub(crate) fn fields(api: &Api, base: &Base, name: &str) -> Result<Vec<Field>, Error> {
    let missing = || {
        let at = pointer::join(pointer::SCHEMAS, &[name]);
        Error::new(at, "is no object with fields")
    };
    let schema = api.schemas.get(name).ok_or_else(missing)?;
    let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
    let decided = base.structs.get(name).ok_or_else(missing)?;
    let documented = schema
        .json
        .get("properties")
        .and_then(|p| p.as_object())
        .map_or(0, |p| p.len());
    if documented != decided.len() {
        let message = format!("has {documented} fields, {} were generated", decided.len());
        return Err(Error::new(&at, message));
    }
    let mut sorted: Vec<&(String, Decided)> = decided.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let mut taken = BTreeSet::new();
    let mut setters = BTreeSet::new();
    let mut fields = Vec::with_capacity(decided.len());
    for (wire, decided) in sorted {
        let at = pointer::join(&at, &["properties", wire]);
        let property = schema
            .property(wire)
            .ok_or_else(|| Error::new(&at, "was generated but is not documented"))?;
        let shape = decided
            .shape
            .clone()
            .map_err(|message| Error::new(&at, message))?;
        let shape = boxed(api, shape, name);
        // progenitor leaves an optional list or map bare; absent and empty differ on this wire.
        // A value that needs itself could never be written, so it may be absent.
        let optional = decided.optional || !schema.is_required(wire) || needs(api, &shape, name);
        let name = naming::unique(naming::value_name(wire), &mut taken);
        fields.push(Field {
            wire: wire.clone(),
            setter: naming::unique(naming::setter_name(&name), &mut setters),
            name,
            shape,
            optional,
            doc: docs::field(wire, property, &docs::description(property)),
            deprecated: property.get("deprecated") == Some(&serde_json::Value::Bool(true)),
        });
    }
    Ok(fields)
}

/// Boxes what closes a cycle. progenitor boxes one field of each; with all of them boxed, types do
/// not nest deeper than the compiler follows, and moving a value stays cheap.
fn boxed(api: &Api, shape: Shape, owner: &str) -> Shape {
    let shape = match shape {
        Shape::Boxed(inner) => *inner,
        shape => shape,
    };
    match &shape {
        Shape::Named(name) if api.is_cyclic(owner, name) => Shape::Boxed(Box::new(shape)),
        _ => shape,
    }
}

/// Whether a boxed value cannot exist without another one of the type `owner`.
fn needs(api: &Api, shape: &Shape, owner: &str) -> bool {
    let Shape::Boxed(inner) = shape else {
        return false;
    };
    let Shape::Named(first) = &**inner else {
        return false;
    };
    let mut seen = BTreeSet::new();
    let mut pending = vec![first.as_str()];
    while let Some(name) = pending.pop() {
        if name == owner {
            return true;
        }
        let Some(schema) = api.schemas.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        let properties = schema.json.get("properties").and_then(|p| p.as_object());
        let required = properties
            .into_iter()
            .flatten()
            .filter(|(wire, _)| schema.is_required(wire));
        pending.extend(required.filter_map(|(_, property)| pointer::referenced(property)));
    }
    false
}

fn structure(text: &mut Text, name: &str, schema: &Schema, fields: &[Field]) {
    let mut doc = docs::prose(&docs::description(&schema.json));
    if doc.is_empty() {
        doc = format!("`{}` of the API.", schema.wire_name);
    }
    text.docs(&[&doc]);
    text.line("#[derive(Clone, Default)]");
    text.line("#[cfg_attr(feature = \"schemars\", derive(schemars::JsonSchema))]");
    text.line("#[non_exhaustive]");
    if fields.is_empty() {
        return text.line(format_args!("pub struct {name} {{}}"));
    }
    text.open(format_args!("pub struct {name} {{"));
    for field in fields {
        member(text, field);
    }
    text.close("}");
}

fn member(text: &mut Text, field: &Field) {
    let Field { name, wire, .. } = field;
    text.docs(&[&field.doc]);
    text.deprecated(field.deprecated);
    if wire != name.trim_start_matches("r#") {
        text.line(format_args!(
            "#[cfg_attr(feature = \"schemars\", schemars(rename = {wire:?}))]"
        ));
    }
    let ty = field.shape.rust(false);
    if field.optional {
        text.line(format_args!("pub {name}: Option<{ty}>,"));
    } else {
        text.line(format_args!("pub {name}: {ty},"));
    }
}

/// The table that reading and writing follow, as a macro call in lines of readable length.
fn table(text: &mut Text, name: &str, fields: &[Field]) {
    text.open(format_args!("record!({name} {{"));
    let mut line = String::new();
    for (index, field) in fields.iter().enumerate() {
        // An absent list or map is an empty one.
        let may_be_absent = matches!(field.shape, Shape::List(_) | Shape::Map(_) | Shape::Object);
        let required = if field.optional || may_be_absent {
            ""
        } else {
            " required"
        };
        let entry = format!("{index} {} {:?}{required},", field.name, field.wire);
        if !line.is_empty() && line.len() + entry.len() > 88 {
            text.line(&line);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&entry);
    }
    if !line.is_empty() {
        text.line(&line);
    }
    text.close("});");
}

fn constructor(text: &mut Text, name: &str, fields: &[Field]) {
    let required = || fields.iter().filter(|f| !f.optional);
    let arguments = list(required().map(|f| format!("{}: {}", f.name, f.shape.argument(false))));
    let value = |field: &Field| match field.shape.conversion(&field.name) {
        same if same == field.name => same,
        other => format!("{}: {other}", field.name),
    };
    let mut values: Vec<String> = required().map(value).collect();
    let doc = if values.is_empty() {
        "Nothing set."
    } else {
        "Takes what is required."
    };
    if values.len() < fields.len() {
        values.push("..Default::default()".to_owned());
    }
    text.open(format_args!("impl {name} {{"));
    text.docs(&[doc]);
    text.open(format_args!("pub fn new({arguments}) -> Self {{"));
    if values.is_empty() {
        text.line("Self {}");
    } else {
        text.line(format_args!("Self {{ {} }}", list(values)));
    }
    text.close("}");
    for field in fields.iter().filter(|f| f.optional) {
        setter(text, field, "self", false);
    }
    text.close("}");
}

/// Writes a setter of an optional field; `place` is where the field lives (`self`, `self.body`).
pub(crate) fn setter(text: &mut Text, field: &Field, place: &str, outside: bool) {
    open_setter(text, field, outside);
    let name = &field.name;
    let value = field.shape.conversion(name);
    text.line(format_args!("{place}.{name} = Some({value});"));
    close_setter(text);
}

pub(crate) fn open_setter(text: &mut Text, field: &Field, outside: bool) {
    let Field { name, setter, .. } = field;
    text.docs(&[&field.doc]);
    text.deprecated(field.deprecated);
    if outside {
        // Compiled where a request is made, as all that is particular to one.
        text.line("#[inline]");
    }
    text.open(format_args!(
        "pub fn {setter}(mut self, {name}: {}) -> Self {{",
        field.shape.argument(outside)
    ));
}

pub(crate) fn close_setter(text: &mut Text) {
    text.line("self");
    text.close("}");
}
