//! Keywords of schemas.

use serde_json::json;

use super::Does::{Code, Docs, LeftOut, Nothing};
use super::{EXAMPLES, Row, WORDS};

pub(super) fn rows_of_schemas() -> Vec<Row> {
    let row = |keyword, schema, does| ("Schema", keyword, schema, does);
    vec![
        row("$ref", json!({"$ref": "#/components/schemas/B"}), Code),
        row(
            "title",
            json!({"type": "string", "title": "T"}),
            Nothing(WORDS),
        ),
        row(
            "multipleOf",
            json!({"type": "number", "multipleOf": 5}),
            Docs("A multiple of 5."),
        ),
        row(
            "maximum",
            json!({"type": "number", "maximum": 5}),
            Docs("At most 5."),
        ),
        row(
            "exclusiveMaximum",
            json!({"type": "number", "maximum": 5, "exclusiveMaximum": true}),
            Docs("Less than 5."),
        ),
        row(
            "minimum",
            json!({"type": "number", "minimum": 5}),
            Docs("At least 5."),
        ),
        row(
            "exclusiveMinimum",
            json!({"type": "number", "minimum": 5, "exclusiveMinimum": true}),
            Docs("Greater than 5."),
        ),
        row(
            "maxLength",
            json!({"type": "string", "maxLength": 5}),
            Docs("At most 5 characters."),
        ),
        row(
            "minLength",
            json!({"type": "string", "minLength": 5}),
            Docs("At least 5 characters."),
        ),
        row(
            "pattern",
            json!({"type": "string", "pattern": "^a$"}),
            Docs("Matches `^a$`."),
        ),
        row(
            "maxItems",
            json!({"type": "array", "maxItems": 5}),
            Docs("At most 5 items."),
        ),
        row(
            "minItems",
            json!({"type": "array", "minItems": 5}),
            Docs("At least 5 items."),
        ),
        row(
            "uniqueItems",
            json!({"type": "array", "uniqueItems": true}),
            Docs("No item twice."),
        ),
        row(
            "maxProperties",
            json!({"type": "object", "maxProperties": 5}),
            Docs("At most 5 members."),
        ),
        row(
            "minProperties",
            json!({"type": "object", "minProperties": 5}),
            Docs("At least 5 members."),
        ),
        row(
            "required",
            json!({"type": "object", "properties": {"y": {"type": "string"}}, "required": ["y"]}),
            Code,
        ),
        row("enum", json!({"type": "string", "enum": ["a"]}), Code),
        row(
            "enum",
            json!({"type": "integer", "enum": [5, 6]}),
            Docs("One of 5 and 6."),
        ),
        row(
            "enum",
            json!({"type": "number", "enum": [0.5]}),
            Docs("Always 0.5."),
        ),
        row(
            "enum",
            json!({"type": "boolean", "enum": [true]}),
            Docs("Always true."),
        ),
        row(
            "enum",
            json!({"type": "array", "enum": [[1], [2]]}),
            LeftOut("its enum lists values"),
        ),
        row(
            "enum",
            json!({"type": "object", "enum": [{}]}),
            LeftOut("its enum lists values"),
        ),
        row(
            "enum",
            json!({"type": "integer", "enum": ["a"]}),
            LeftOut("its enum lists values"),
        ),
        row("type", json!({"type": "boolean"}), Code),
        row(
            "not",
            json!({"type": "string", "not": {"enum": ["a"]}}),
            LeftOut("its not is not checked"),
        ),
        row("not", json!({"not": {}}), LeftOut("its not is not checked")),
        row(
            "allOf",
            json!({"allOf": [{"type": "object", "properties": {"y": {}}}, {"type": "object", "properties": {"z": {}}}]}),
            Code,
        ),
        row(
            "oneOf",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            LeftOut("cannot be told apart"),
        ),
        row(
            "oneOf",
            json!({"oneOf": [{"type": "integer", "enum": [0], "title": "Text"}, {"type": "integer", "enum": [1]}]}),
            Docs("One of 0 (Text) and 1."),
        ),
        row(
            "anyOf",
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            LeftOut("cannot be told apart"),
        ),
        row(
            "anyOf",
            json!({"type": "object", "properties": {"y": {}}, "anyOf": [{"required": ["y"]}]}),
            LeftOut("what its anyOf requires is not checked"),
        ),
        row(
            "oneOf",
            json!({"type": "object", "properties": {"y": {}, "z": {}}, "oneOf": [{"required": ["y"]}, {"required": ["z"]}]}),
            LeftOut("what its oneOf requires is not checked"),
        ),
        row(
            "items",
            json!({"type": "array", "items": {"type": "integer"}}),
            Code,
        ),
        row(
            "items",
            json!({"type": "array", "items": {"type": "string", "maxLength": 5}}),
            Docs("Each item: at most 5 characters."),
        ),
        row(
            "properties",
            json!({"type": "object", "properties": {"y": {"type": "string"}}}),
            Code,
        ),
        row(
            "additionalProperties",
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            Code,
        ),
        row(
            "additionalProperties",
            json!({"type": "object", "properties": {"y": {}}, "additionalProperties": true}),
            Code,
        ),
        row(
            "additionalProperties",
            json!({"type": "object", "additionalProperties": {"type": "string", "minLength": 5}}),
            Docs("Each value: at least 5 characters."),
        ),
        row(
            "description",
            json!({"type": "string", "description": "The thing."}),
            Docs("The thing."),
        ),
        row(
            "format",
            json!({"type": "string", "format": "date-time"}),
            Code,
        ),
        row(
            "format",
            json!({"type": "integer", "format": "int32"}),
            Code,
        ),
        row(
            "format",
            json!({"type": "string", "format": "email"}),
            Docs("In the format `email`."),
        ),
        row(
            "format",
            json!({"type": "string", "format": "byte"}),
            Docs("In the format `byte`."),
        ),
        row(
            "default",
            json!({"type": "string", "default": "d"}),
            Docs("The server's default is `\"d\"`."),
        ),
        row(
            "default",
            json!({"type": "object", "default": {"a": 1}}),
            Docs("The server's default is `{\"a\":1}`."),
        ),
        row(
            "nullable",
            json!({"type": "string", "nullable": true}),
            Code,
        ),
        row(
            "discriminator",
            json!({"oneOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/C"}], "discriminator": {"propertyName": "kind"}}),
            Code,
        ),
        row(
            "readOnly",
            json!({"type": "string", "readOnly": true}),
            Code,
        ),
        row(
            "writeOnly",
            json!({"type": "string", "writeOnly": true}),
            Docs("Only sent, never in a response."),
        ),
        row(
            "example",
            json!({"type": "string", "example": "e"}),
            Nothing(EXAMPLES),
        ),
        row(
            "externalDocs",
            json!({"type": "string", "externalDocs": {"url": "https://a.b"}}),
            Nothing(WORDS),
        ),
        row(
            "deprecated",
            json!({"type": "string", "deprecated": true}),
            Code,
        ),
        row(
            "xml",
            json!({"type": "string", "xml": {"name": "n"}}),
            Nothing("bodies of XML are text"),
        ),
    ]
}

/// Keywords of JSON Schema that OpenAPI 3.0 lacks.
pub(super) fn rows_of_schemas_3_1() -> Vec<Row> {
    let row = |keyword, schema, does| ("Schema", keyword, schema, does);
    let unchecked = LeftOut("has no counterpart in OpenAPI 3.0 and is not checked");
    vec![
        row("const", json!({"type": "string", "const": "a"}), Code),
        row("const", json!({"const": "a"}), Code),
        row(
            "const",
            json!({"type": "integer", "const": 5}),
            Docs("Always 5."),
        ),
        row("const", json!({"const": 0.5}), Code),
        row(
            "const",
            json!({"type": "boolean", "const": false}),
            Docs("Always false."),
        ),
        row(
            "const",
            json!({"type": "object", "const": {"a": 1}}),
            LeftOut("its enum lists values"),
        ),
        row(
            "const",
            json!({"type": "array", "const": [1]}),
            LeftOut("its enum lists values"),
        ),
        row("type", json!({"type": ["string", "null"]}), Code),
        row(
            "type",
            json!({"type": ["string", "integer"]}),
            LeftOut("cannot be told apart"),
        ),
        row(
            "exclusiveMinimum",
            json!({"type": "number", "exclusiveMinimum": 5}),
            Docs("Greater than 5."),
        ),
        row(
            "exclusiveMaximum",
            json!({"type": "number", "exclusiveMaximum": 5}),
            Docs("Less than 5."),
        ),
        row(
            "examples",
            json!({"type": "string", "examples": ["e"]}),
            Nothing(EXAMPLES),
        ),
        row(
            "prefixItems",
            json!({"type": "array", "prefixItems": [{"type": "string"}]}),
            LeftOut("is read as a list"),
        ),
        row(
            "patternProperties",
            json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
            LeftOut("is read as additionalProperties"),
        ),
        row(
            "contains",
            json!({"type": "array", "contains": {"type": "string"}}),
            unchecked,
        ),
        row(
            "minContains",
            json!({"type": "array", "minContains": 1}),
            unchecked,
        ),
        row(
            "maxContains",
            json!({"type": "array", "maxContains": 1}),
            unchecked,
        ),
        row(
            "propertyNames",
            json!({"type": "object", "propertyNames": {"pattern": "a"}}),
            unchecked,
        ),
        row(
            "if",
            json!({"type": "string", "if": {"minLength": 1}}),
            unchecked,
        ),
        row(
            "then",
            json!({"type": "string", "then": {"minLength": 1}}),
            unchecked,
        ),
        row(
            "else",
            json!({"type": "string", "else": {"minLength": 1}}),
            unchecked,
        ),
        row(
            "dependentRequired",
            json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
            unchecked,
        ),
        row(
            "dependentSchemas",
            json!({"type": "object", "dependentSchemas": {"a": {}}}),
            unchecked,
        ),
        row(
            "unevaluatedItems",
            json!({"type": "array", "unevaluatedItems": {"type": "string"}}),
            unchecked,
        ),
        row(
            "unevaluatedProperties",
            json!({"type": "object", "unevaluatedProperties": {"type": "string"}}),
            unchecked,
        ),
        row(
            "contentSchema",
            json!({"type": "string", "contentSchema": {}}),
            unchecked,
        ),
        row(
            "contentEncoding",
            json!({"type": "string", "contentEncoding": "base64"}),
            Docs("In the format `byte`."),
        ),
        row(
            "contentEncoding",
            json!({"type": "string", "contentEncoding": "quoted-printable"}),
            LeftOut("has no counterpart in OpenAPI 3.0; the value is read as plain text"),
        ),
        row(
            "contentMediaType",
            json!({"type": "string", "contentMediaType": "application/json"}),
            LeftOut("has no counterpart in OpenAPI 3.0; the value is read as plain text"),
        ),
        row("$dynamicRef", json!({"$dynamicRef": "#a"}), unchecked),
        row(
            "$dynamicAnchor",
            json!({"type": "string", "$dynamicAnchor": "a"}),
            unchecked,
        ),
        row(
            "$comment",
            json!({"type": "string", "$comment": "c"}),
            Nothing(WORDS),
        ),
        row(
            "$id",
            json!({"type": "string", "$id": "https://a.b/c"}),
            Nothing("only a name"),
        ),
        row(
            "$anchor",
            json!({"type": "string", "$anchor": "a"}),
            Nothing("only a name"),
        ),
        row(
            "$schema",
            json!({"type": "string", "$schema": "https://a.b"}),
            Nothing("only a name"),
        ),
        row(
            "$vocabulary",
            json!({"type": "string", "$vocabulary": {}}),
            Nothing("only a name"),
        ),
        row(
            "$defs",
            json!({"type": "string", "$defs": {"D": {"type": "string"}}}),
            Nothing("only what is referred to counts"),
        ),
    ]
}
