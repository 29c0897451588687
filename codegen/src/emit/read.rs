//! What progenitor decided, read out of its types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use typify::{TypeDetails, TypeId, TypeSpace, TypeStruct};

use super::{Base, Decided, simplify};
use crate::error::Error;
use crate::model::Api;
use crate::pointer;
use crate::shape::Shape;

/// Reads all decisions; one that is missing is an error.
pub(super) fn read(
    space: &TypeSpace,
    api: &Api,
    schemas: &Map<String, Value>,
    answers: &str,
) -> Result<Base, Error> {
    let mut reader = Reader {
        space,
        schemas,
        known: BTreeMap::new(),
    };
    let mut base = Base {
        structs: BTreeMap::new(),
        responses: BTreeMap::new(),
    };
    for found in space.iter_types() {
        let fields = match found.details() {
            TypeDetails::Struct(details) => reader.fields(&details)?,
            // So it writes an object without fields.
            TypeDetails::Newtype(_) => Vec::new(),
            _ => continue,
        };
        let name = found.name();
        if name == answers {
            for (index, decided) in fields {
                if let Some(operation) = api.operations.get(index) {
                    base.responses.insert(operation.id.clone(), decided);
                }
            }
        } else if let Some(schema) = schemas.get(&name) {
            check_timestamps(&name, schema, &fields)?;
            base.structs.insert(name.clone(), named(api, &name, fields));
        }
    }
    complete(base, api)
}

struct Reader<'a> {
    space: &'a TypeSpace,
    schemas: &'a Map<String, Value>,
    /// Most types are those of many fields.
    known: BTreeMap<TypeId, Decided>,
}

impl Reader<'_> {
    /// The fields of a struct by their index.
    fn fields(&mut self, details: &TypeStruct<'_>) -> Result<Vec<(usize, Decided)>, Error> {
        let mut fields = Vec::new();
        for property in details.properties_info() {
            if let Some(index) = simplify::field_index(property.name) {
                fields.push((index, self.decided(property.type_id)?));
            }
        }
        Ok(fields)
    }

    fn decided(&mut self, id: TypeId) -> Result<Decided, Error> {
        if let Some(decided) = self.known.get(&id) {
            return Ok(decided.clone());
        }
        let found = self
            .space
            .get_type(&id)
            .map_err(|error| Error::new("", format!("has an unknown type: {error}")))?;
        let decided = match found.details() {
            TypeDetails::Option(inner) => Decided {
                optional: true,
                ..self.decided(inner)?
            },
            details => Decided {
                optional: false,
                shape: self
                    .shape(&found.name(), details)?
                    .ok_or_else(|| format!("no counterpart for the type {}", found.ident())),
            },
        };
        self.known.insert(id, decided.clone());
        Ok(decided)
    }

    /// None where this crate writes no such type.
    fn shape(&mut self, name: &str, details: TypeDetails<'_>) -> Result<Option<Shape>, Error> {
        let mut inner = |id| Ok::<_, Error>(self.decided(id)?.shape.ok().map(Box::new));
        Ok(Some(match details {
            TypeDetails::Unit => Shape::Unit,
            TypeDetails::String => Shape::Text,
            TypeDetails::Vec(item) | TypeDetails::Set(item) => {
                return Ok(inner(item)?.map(Shape::List));
            }
            TypeDetails::Box(item) => return Ok(inner(item)?.map(Shape::Boxed)),
            TypeDetails::Map(_, value) => {
                return Ok(inner(value)?.map(|value| match *value {
                    Shape::Json => Shape::Object,
                    _ => Shape::Map(value),
                }));
            }
            TypeDetails::Enum(_) | TypeDetails::Struct(_) | TypeDetails::Newtype(_)
                if self.schemas.contains_key(name) =>
            {
                Shape::Named(name.to_owned())
            }
            TypeDetails::Builtin(name) => match name {
                "bool" => Shape::Bool,
                "f32" | "f64" => Shape::Float(name.to_owned()),
                "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => {
                    Shape::Int(name.to_owned())
                }
                "::serde_json::Value" => Shape::Json,
                "::chrono::DateTime<::chrono::offset::Utc>" => Shape::Timestamp,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }
}

/// Fields with their wire names instead of indexes.
fn named(api: &Api, name: &str, fields: Vec<(usize, Decided)>) -> Vec<(String, Decided)> {
    let schema = api.schemas.get(name);
    let properties = schema.and_then(|schema| schema.json.get("properties")?.as_object());
    let wire: Vec<&String> = properties.into_iter().flat_map(Map::keys).collect();
    let named = fields
        .into_iter()
        .filter_map(|(index, decided)| Some(((*wire.get(index)?).clone(), decided)));
    named.collect()
}

fn complete(mut base: Base, api: &Api) -> Result<Base, Error> {
    for operation in &api.operations {
        if operation.response.is_none() {
            let nothing = Decided {
                shape: Ok(Shape::Unit),
                optional: false,
            };
            base.responses.insert(operation.id.clone(), nothing);
        } else if !base.responses.contains_key(&operation.id) {
            let message = "the generator produced no type for its answer";
            return Err(Error::new(&operation.pointer, message).about(&operation.id));
        }
    }
    for (name, schema) in &api.schemas {
        if api.is_struct(name) && !base.structs.contains_key(name) {
            let at = pointer::join(pointer::SCHEMAS, &[&schema.wire_name]);
            return Err(Error::new(at, format!("no type {name} was generated")).about(name));
        }
    }
    Ok(base)
}

/// A timestamp that progenitor does not see as one would silently become a string.
fn check_timestamps(name: &str, schema: &Value, fields: &[(usize, Decided)]) -> Result<(), Error> {
    let expected = timestamps(schema);
    let shapes = fields.iter().flat_map(|(_, decided)| &decided.shape);
    let found: usize = shapes.map(Shape::timestamps).sum();
    if found == expected {
        return Ok(());
    }
    let message = format!("{expected} timestamps are documented, {found} were generated");
    Err(Error::new(pointer::join(pointer::SCHEMAS, &[name]), message).about(name))
}

fn timestamps(node: &Value) -> usize {
    match node {
        Value::Object(map) => {
            let own = map.get("format").and_then(Value::as_str) == Some("date-time");
            usize::from(own) + map.values().map(timestamps).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(timestamps).sum(),
        _ => 0,
    }
}
