//! Structs: what progenitor declares gets our names, docs and attributes, and for what can be sent
//! `new` and setters.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::docs;
pub(super) use super::field::{Field, Role, Structure};
use super::inline::code;
use super::text::{Text, list};
use super::unit::{Module, Unit};
use crate::error::Error;
use crate::model::{Api, Schema};
use crate::schema::flag;
use crate::shape::Shape;
use crate::surface::{Kind, Place, Wire};
use crate::{naming, pointer};

pub(crate) fn units(api: &Api) -> Result<Vec<Unit>, Error> {
    let structs = api.schemas.iter().filter(|(name, _)| api.is_struct(name));
    structs
        .map(|(name, schema)| unit(api, name, schema))
        .collect()
}

fn unit(api: &Api, name: &str, schema: &Schema) -> Result<Unit, Error> {
    let fields = fields(api, name)?;
    let mut doc = docs::prose(&docs::description(&schema.json));
    if doc.is_empty() {
        doc = format!("{} of the API.", code(&schema.wire_name));
    }
    let mut text = Text::of(format!("types::{name}"));
    let component = Wire::Component(schema.wire_name.clone());
    text.declares(Kind::Struct, "", component);
    for field in &fields {
        let wire = match field.role {
            Role::Rest => Wire::None,
            _ => Wire::Value(Place::Field, field.wire.clone()),
        };
        text.record(
            Kind::Struct,
            &field.name,
            &field.rust(),
            field.deprecated,
            wire,
        );
    }
    if schema.sent && !schema.only_a_body {
        constructor(&mut text, name, &fields);
    }
    let names = vec![name.to_owned(), schema.wire_name.clone()];
    Ok(Unit {
        macros: table(name, &fields, api.is_response(name)),
        structure: Some(Structure {
            name: name.to_owned(),
            doc,
            fields,
            pointer: pointer::join(pointer::SCHEMAS, &[&schema.wire_name]),
        }),
        ..Unit::new(Module::Types, names, text)
    })
}

/// The fields of a struct in wire-name order.
pub(crate) fn fields(api: &Api, owner: &str) -> Result<Vec<Field>, Error> {
    let missing = || {
        let at = pointer::join(pointer::SCHEMAS, &[owner]);
        Error::new(at, "is not an object with fields")
    };
    let schema = api.schemas.get(owner).ok_or_else(missing)?;
    let properties = schema.json.get("properties").and_then(Value::as_object);
    let mut properties: Vec<(&String, &Value)> = properties.ok_or_else(missing)?.iter().collect();
    properties.sort_by_key(|(wire, _)| *wire);
    let words: Vec<&str> = properties.iter().map(|(wire, _)| wire.as_str()).collect();
    let names = naming::assign(&words, naming::value_name, &mut BTreeSet::new());
    let mut taken = BTreeSet::new();
    let named = words.iter().copied().zip(names.iter().map(String::as_str));
    let setters = naming::setters(named, &mut taken);
    let fields = properties
        .into_iter()
        .zip(names.into_iter().zip(setters))
        .map(|((wire, property), (name, setter))| {
            let shape = boxed(api, Shape::of_schema(property), owner);
            let role = match () {
                () if schema.sent && flag(property, "readOnly") => Role::ReadOnly,
                () if schema.received && flag(property, "writeOnly") => Role::WriteOnly,
                () => Role::Member,
            };
            // Only what is sent has to tell null from nothing.
            let nullable = schema.sent && flag(property, "nullable") && shape != Shape::Json;
            let optional = match nullable {
                true => !schema.is_required(wire),
                // A value that needs itself could never be written, so it may be absent.
                false => !schema.is_certain(wire) || needs(api, &shape, owner),
            };
            let shape = match nullable {
                true => Shape::Nullable(Box::new(shape)),
                false => shape,
            };
            Field {
                wire: wire.clone(),
                setter,
                name,
                shape,
                optional,
                role,
                doc: match api.has_prose {
                    true => docs::field(wire, property, &docs::description(property)),
                    false => String::new(),
                },
                deprecated: property.get("deprecated") == Some(&Value::Bool(true)),
                secret: property.get("format").and_then(Value::as_str) == Some("password"),
            }
        });
    let mut fields: Vec<Field> = fields.collect();
    if let Some(values) = schema.additional() {
        fields.push(rest(&fields, &values, &mut taken));
    }
    Ok(fields)
}

/// The field for members beside the properties.
fn rest(fields: &[Field], values: &Value, setters: &mut BTreeSet<String>) -> Field {
    let mut taken = fields.iter().map(|field| field.name.clone()).collect();
    let name = naming::unique("additional_properties".to_owned(), &mut taken);
    Field {
        wire: String::new(),
        setter: naming::unique(name.clone(), setters),
        name,
        shape: Shape::Map(Box::new(Shape::of_item(values))),
        optional: false,
        role: Role::Rest,
        doc: "Members that the document does not list, by name.".to_owned(),
        deprecated: false,
        secret: false,
    }
}

/// Boxes what closes a cycle. progenitor boxes one field of each; with all of them boxed, types do
/// not nest deeper than the compiler follows, and moving a value stays cheap.
fn boxed(api: &Api, shape: Shape, owner: &str) -> Shape {
    match &shape {
        Shape::Named(name) if api.is_cyclic(owner, name) => Shape::Boxed(Box::new(shape)),
        _ => shape,
    }
}

/// Returns true for a boxed value that always contains another one of the type `owner`.
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
            .filter(|(wire, _)| schema.is_certain(wire));
        pending.extend(required.filter_map(|(_, property)| pointer::referenced(property)));
    }
    false
}

/// The list of fields that decoding and encoding follow, as a macro call in lines of readable
/// length.
fn table(name: &str, fields: &[Field], is_response: bool) -> String {
    let mut call = format!("record!({name} {{\n");
    let mut line = String::new();
    let members = fields.iter().filter(|field| field.role != Role::Rest);
    for (index, field) in members.enumerate() {
        let required = match field.role {
            Role::ReadOnly => " read_only",
            Role::Member if !field.optional => " required",
            _ => "",
        };
        let secret = if field.secret { " @secret" } else { "" };
        let entry = format!("{index} {} {:?}{required}{secret},", field.name, field.wire);
        if !line.is_empty() && line.len() + entry.len() > 88 {
            let _ = writeln!(call, "    {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&entry);
    }
    if !line.is_empty() {
        let _ = writeln!(call, "    {line}");
    }
    let rest = fields.iter().find(|field| field.role == Role::Rest);
    let rest = rest.map_or(String::new(), |field| format!(" rest {}", field.name));
    let duration = fields.iter().find(|field| {
        is_response && field.wire == "duration" && field.shape == Shape::Text && !field.optional
    });
    let duration = duration.map_or(String::new(), |field| format!(" duration {}", field.name));
    let _ = writeln!(call, "}}{duration}{rest});");
    call
}

fn constructor(text: &mut Text, name: &str, fields: &[Field]) {
    let required: Vec<&Field> = fields.iter().filter(|f| f.is_argument()).collect();
    let arguments = required
        .iter()
        .map(|f| format!("{}: {}", f.name, f.shape.argument(false)));
    let signature = format!("({}) -> Self", list(arguments));
    let value = |field: &&Field| match field.shape.conversion(&field.name) {
        same if same == field.name => same,
        other => format!("{}: {other}", field.name),
    };
    let mut values: Vec<String> = required.iter().map(value).collect();
    let doc = if values.is_empty() {
        "Nothing set."
    } else {
        "Takes what is required."
    };
    if values.len() < fields.len() {
        values.push("..Default::default()".to_owned());
    }
    text.line(format_args!("impl {name} {{"));
    text.docs(&[doc]);
    let wire = required.iter().map(|f| f.argument(&f.name, Place::Field));
    text.function("new", &signature, false, Wire::Arguments(wire.collect()));
    text.line(format_args!("Self {{ {} }}", list(values)));
    text.line("}");
    for field in fields.iter().filter(|f| f.is_settable()) {
        setter(text, field, "self", false);
    }
    text.line("}");
}

/// Writes a setter of an optional field; `holder` is where the field lives (`self`, `self.body`).
pub(crate) fn setter(text: &mut Text, field: &Field, holder: &str, outside: bool) {
    let place = if outside { Place::Body } else { Place::Field };
    open_setter(text, field, place);
    let name = &field.name;
    let value = field.shape.conversion(name);
    if field.optional {
        text.line(format_args!("{holder}.{name} = Some({value});"));
    } else {
        text.line(format_args!("{holder}.{name} = {value};"));
    }
    close_setter(text);
}

pub(crate) fn open_setter(text: &mut Text, field: &Field, place: Place) {
    let Field { name, setter, .. } = field;
    let outside = place != Place::Field;
    text.docs(&[&field.doc]);
    text.deprecated(field.deprecated);
    if outside {
        // Compiled where a request is made, as all that is particular to one.
        text.line("#[inline]");
    }
    let signature = format!(
        "(mut self, {name}: {}) -> Self",
        field.shape.argument(outside)
    );
    let wire = match field.role {
        Role::Rest => Wire::None,
        _ => Wire::Value(place, field.wire.clone()),
    };
    text.function(setter, &signature, field.deprecated, wire);
}

pub(crate) fn close_setter(text: &mut Text) {
    text.line("self }");
}
