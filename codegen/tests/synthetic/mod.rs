//! A specification of any size, made from a seed: no such file is worth committing.

use serde_json::{Map, Value, json};

/// splitmix64: small, good enough, the same everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// A document with that many operations and component schemas, cycles included.
pub(crate) fn document(operations: usize, schemas: usize, seed: u64) -> Value {
    let mut chance = Chance::new(seed);
    let all: Map<String, Value> = (0..schemas)
        .map(|index| (name(index), schema(index, schemas, &mut chance)))
        .collect();
    let mut paths = Map::new();
    for index in 0..operations {
        let (path, method, operation) = operation(index, operations, schemas, &mut chance);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation;
    }
    json!({
        "openapi": "3.0.3",
        "x-call-handle": ["/call/{type}/{id}"],
        "info": {"title": "Synthetic", "version": "1"},
        "paths": paths,
        "components": {"schemas": all}
    })
}

/// Every tenth is an enum, every fiftieth a union, every thirtieth an alias.
fn name(index: usize) -> String {
    format!("Thing{index}")
}

fn is_struct(index: usize) -> bool {
    index % 10 != 3 && index % 50 != 7 && index % 30 != 11
}

fn schema(index: usize, count: usize, chance: &mut Chance) -> Value {
    if index % 10 == 3 {
        let values: Vec<String> = (0..3 + chance.below(6))
            .map(|n| format!("value-{n}"))
            .collect();
        return json!({"type": "string", "enum": values, "description": "One of several values."});
    }
    if index % 50 == 7 {
        let tags = ["first", "second", "third"];
        let choices: Vec<usize> = tags.iter().map(|_| structure(count, chance)).collect();
        let mapping: Map<String, Value> = tags
            .iter()
            .zip(&choices)
            .map(|(tag, choice)| ((*tag).to_owned(), json!(target(*choice))))
            .collect();
        let entries: Vec<Value> = choices.iter().map(|choice| reference(*choice)).collect();
        return json!({"oneOf": entries, "discriminator": {"propertyName": "kind", "mapping": mapping}});
    }
    if index % 30 == 11 {
        return json!({"type": "array", "items": reference(structure(count, chance))});
    }
    let is_composed = index % 40 == 19;
    // Fields that both parts of a composition have would have to agree.
    let own = if is_composed { "own_" } else { "" };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in 0..2 + chance.below(10) {
        let word = format!("{own}field_{field}");
        let is_required = chance.one_in(2);
        properties.insert(word.clone(), property(count, is_required, chance));
        if is_required {
            required.push(word);
        }
    }
    // Enough optional fields by value that most types contain themselves through others.
    let next = structure(count, chance);
    properties.insert(format!("{own}next"), reference(next));
    let mut object = json!({
        "type": "object", "properties": properties, "required": required,
        "description": format!("Thing number {index}, with <marks> & `code`.")
    });
    if is_composed {
        object = json!({"allOf": [reference(structure(count, chance)), object]});
    }
    object
}

fn structure(count: usize, chance: &mut Chance) -> usize {
    loop {
        let index = chance.below(count);
        // Compositions may not contain each other.
        if is_struct(index) && index % 40 != 19 {
            return index;
        }
    }
}

fn target(index: usize) -> String {
    format!("#/components/schemas/{}", name(index))
}

fn reference(index: usize) -> Value {
    json!({"$ref": target(index)})
}

fn property(count: usize, is_required: bool, chance: &mut Chance) -> Value {
    let any = chance.below(count);
    match chance.below(14) {
        0 => json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 100}),
        1 => json!({"type": "integer", "format": "int64"}),
        2 => json!({"type": "number", "format": "double"}),
        3 => json!({"type": "boolean", "default": false}),
        4 | 5 => json!({"type": "number", "format": "date-time", "x-extra": 1}),
        6 => json!({"type": "object", "additionalProperties": {}}),
        7 => json!({"type": "object", "additionalProperties": reference(any)}),
        8 => json!({"type": "array", "items": reference(any)}),
        9 => json!({"type": "string", "enum": ["on", "off"]}),
        // A required chain that leads back could never be written; optional ones are cycles.
        10..=12 if !is_required => reference(any),
        _ => json!({"type": "string", "maxLength": 255, "description": "Some text."}),
    }
}

fn operation(
    index: usize,
    operations: usize,
    schemas: usize,
    chance: &mut Chance,
) -> (String, &'static str, Value) {
    let method = ["get", "post", "put", "patch", "delete"][index % 5];
    let group = index / 5;
    let mut parameters = vec![
        json!({"name": "type", "in": "path", "required": true, "schema": {"type": "string"}}),
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}),
    ];
    for (number, schema) in [
        json!({"type": "string"}),
        json!({"type": "integer", "format": "int32"}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "number", "format": "date-time"}),
    ]
    .into_iter()
    .enumerate()
    {
        if chance.one_in(3) {
            parameters
                .push(json!({"name": format!("query_{number}"), "in": "query", "schema": schema}));
        }
    }
    let mut operation = json!({
        "operationId": format!("DoThing{index}"),
        "summary": format!("Does thing {index} of {operations}."),
        "tags": ["Things"],
        "parameters": parameters,
        "responses": {"200": {"description": "", "content": {"application/json": {
            "schema": reference(structure(schemas, chance))
        }}}}
    });
    if matches!(method, "post" | "put" | "patch") {
        operation["requestBody"] = json!({"content": {"application/json": {
            "schema": reference(structure(schemas, chance))
        }}});
    }
    (
        format!("/api/v2/video/call/{{type}}/{{id}}/things/{group}"),
        method,
        operation,
    )
}
