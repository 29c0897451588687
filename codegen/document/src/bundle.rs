//! Copies what a document refers to in other files into it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use serde_json::{Map, Value};

use crate::anchor;
use crate::pointer;
use crate::reference::{external_file, mapping, reference, resolve};
use crate::walk::{Kind, visit, visit_kind_mut};

/// The files that a document refers to, each with the JSON pointers of the references.
pub fn external_files(document: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    visit(document, &mut |kind, value, at| {
        let mut note = |file: &str| {
            let places = found.entry(file.to_owned()).or_default();
            places.push(at.to_owned());
        };
        if let Some(file) = reference(value).and_then(external_file) {
            note(file);
        }
        if kind == Kind::Schema {
            let mapped = mapping(value).into_iter().flat_map(Map::values);
            let mapped = mapped.filter_map(Value::as_str);
            mapped
                .filter(|text| names_file(text))
                .filter_map(external_file)
                .for_each(&mut note);
        }
    });
    found
}

/// True when a value has an entry for which [`may_name_file`] holds.
pub(crate) fn may_name_files(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| may_name_file(key, value) || may_name_files(value)),
        Value::Array(items) => items.iter().any(may_name_files),
        _ => false,
    }
}

/// True when an entry of an object could be a reference into a file, wherever it stands.
pub(crate) fn may_name_file(key: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => key == "$ref" && !text.starts_with('#'),
        Value::Object(targets) if key == "mapping" => {
            targets.values().filter_map(Value::as_str).any(names_file)
        }
        _ => false,
    }
}

/// True for a value of a mapping that is a reference into a file and not the name of a component.
fn names_file(text: &str) -> bool {
    let file = external_file(text).unwrap_or_default();
    let extensions = [".json", ".yaml", ".yml"];
    file.contains('/') || extensions.iter().any(|extension| file.ends_with(extension))
}

/// Copies what a document refers to in other files into its components.
///
/// `own` is the name of the document's file, for references of other files back into it. `read` gets the path of a file relative to the document's folder, with `/` and without `..`
/// where possible, and returns the file's content, or `None` if it cannot be read. References that
/// cannot be followed stay as they are; [`external_files`] lists them afterwards. References to an
/// address (`https://…`) are never followed.
pub fn bundle(document: &mut Value, own: &str, read: &mut dyn FnMut(&str) -> Option<Value>) {
    let mut bundler = Bundler {
        own,
        read,
        files: BTreeMap::new(),
        names: BTreeMap::new(),
        taken: taken(document),
        added: Vec::new(),
    };
    bundler.rewrite(document, Kind::Document, "");
    let mut done = 0;
    while let Some((file, section, name, kind, value)) = bundler.added.get(done).cloned() {
        let mut value = value;
        bundler.rewrite(&mut value, kind, &file);
        if let Some(entry) = bundler.added.get_mut(done) {
            *entry = (file, section, name, kind, value);
        }
        done += 1;
    }
    let added = bundler.added;
    let Value::Object(root) = document else {
        return;
    };
    for (_, section, name, _, value) in added {
        let components = root
            .entry("components")
            .or_insert_with(|| Map::new().into());
        let Some(components) = components.as_object_mut() else {
            return;
        };
        let entries = components
            .entry(section)
            .or_insert_with(|| Map::new().into());
        if let Some(entries) = entries.as_object_mut() {
            entries.insert(name, value);
        }
    }
}

/// Section and name of every component, which an added one must not take.
fn taken(document: &Value) -> BTreeSet<(&'static str, String)> {
    let mut taken = BTreeSet::new();
    for (section, entries) in document
        .get("components")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let section = Kind::of_section(section).and_then(Kind::section);
        let names = entries.as_object().into_iter().flat_map(Map::keys);
        taken.extend(
            section
                .into_iter()
                .flat_map(|section| names.clone().map(move |name| (section, name.clone()))),
        );
    }
    taken
}

type Added = (String, &'static str, String, Kind, Value);

struct Bundler<'r> {
    own: &'r str,
    read: &'r mut dyn FnMut(&str) -> Option<Value>,
    /// Files by path; those that cannot be read too.
    files: BTreeMap<String, Option<Value>>,
    /// Component names by section, file and pointer.
    names: BTreeMap<(&'static str, String, String), String>,
    taken: BTreeSet<(&'static str, String)>,
    added: Vec<Added>,
}

impl Bundler<'_> {
    /// Rewrites the references in a value that comes from `file`; the document itself is "".
    fn rewrite(&mut self, value: &mut Value, kind: Kind, file: &str) {
        let done = visit_kind_mut::<Infallible>(kind, value, &mut |kind, value, _| {
            if let Some(text) = reference(value).map(str::to_owned)
                && let Some(target) = self.target(&text, kind, file)
                && let Value::Object(map) = value
            {
                map.insert("$ref".to_owned(), Value::String(target));
            }
            if kind == Kind::Schema && mapping(value).is_some() {
                self.rewrite_mapping(value, file);
            }
            // An anchor holds in its own file; the document may have another of the same name.
            if kind == Kind::Schema
                && !file.is_empty()
                && let Value::Object(map) = value
            {
                map.remove("$anchor");
            }
            Ok(())
        });
        let Ok(()) = done;
    }

    /// Rewrites the values of a discriminator's mapping that are references.
    fn rewrite_mapping(&mut self, schema: &mut Value, file: &str) {
        let Some(Value::Object(mapping)) = schema.pointer_mut("/discriminator/mapping") else {
            return;
        };
        for entry in mapping.values_mut() {
            if let Some(text) = entry.as_str()
                && (names_file(text) || text.starts_with('#'))
                && let Some(target) = self.target(text, Kind::Schema, file)
            {
                *entry = Value::String(target);
            }
        }
    }

    /// The component that takes the place of a reference, added if it is new.
    fn target(&mut self, text: &str, kind: Kind, from: &str) -> Option<String> {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        // Inside another file, `#/x` means that file.
        let file = if path.is_empty() {
            from.to_owned()
        } else {
            relative(from, path)?
        };
        if file.is_empty() {
            return None;
        }
        if file == self.own {
            return Some(format!("#{fragment}"));
        }
        let section = kind.section()?;
        let key = (section, file.clone(), fragment.to_owned());
        if let Some(name) = self.names.get(&key) {
            return Some(target_text(section, name));
        }
        if !self.files.contains_key(&file) {
            let content = (self.read)(&file);
            self.files.insert(file.clone(), content);
        }
        let content = self.files.get(&file)?.as_ref()?;
        let place = match fragment.starts_with('/') || fragment.is_empty() {
            true => fragment.to_owned(),
            false => anchor::find(content, fragment)?,
        };
        let value = resolve(content, &format!("#{place}")).ok()?.clone();
        let name = self.name(section, &file, fragment);
        self.names.insert(key, name.clone());
        self.added.push((file, section, name.clone(), kind, value));
        Some(target_text(section, &name))
    }

    /// The last token of the pointer, or the file's name, made unique.
    fn name(&mut self, section: &'static str, file: &str, fragment: &str) -> String {
        let stem = file.rsplit('/').next().unwrap_or(file);
        let stem = stem.split('.').next().unwrap_or(stem);
        let last = pointer::tokens(fragment).last();
        let wanted = last.filter(|token| !token.is_empty());
        let wanted = wanted.unwrap_or_else(|| stem.into());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let wanted: String = wanted
            .chars()
            .map(|c| if allowed(c) { c } else { '_' })
            .collect();
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.taken.insert((section, name.clone())) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

fn target_text(section: &str, name: &str) -> String {
    format!("#/components/{section}/{}", pointer::escape(name))
}

/// The path of a file that another file names; `None` for an address or an absolute path.
fn relative(from: &str, path: &str) -> Option<String> {
    if path.contains("://") || path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(file: &str) -> Option<Value> {
        match file {
            "types/user.yaml" => Some(json!({
                "User": {"properties": {
                    "friend": {"$ref": "#/User"},
                    "team": {"$ref": "../team.yaml"},
                }},
            })),
            "team.yaml" => Some(json!({"properties": {"lead": {"$ref": "types/user.yaml#/User"}}})),
            "pets/cat.yaml" => Some(json!({"$defs": {"C": {"$anchor": "cat", "properties": {
                "owner": {"$ref": "../root.yaml#/components/schemas/User"},
            }}}})),
            _ => None,
        }
    }

    fn document() -> Value {
        json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "types/user.yaml#/User"},
                "example": {"$ref": "example.yaml"},
            }}}}}}},
            "components": {"schemas": {
                "User": {"type": "string"},
                "Other": {"$ref": "gone.yaml#/X"},
                "Web": {"$ref": "https://example.com/x.json"},
            }},
        })
    }

    #[test]
    fn other_files_become_components() {
        let mut document = document();
        bundle(&mut document, "root.yaml", &mut read);
        let schema =
            document.pointer("/paths/~1a/get/responses/200/content/application~1json/schema");
        assert_eq!(schema.unwrap()["$ref"], "#/components/schemas/User2");
        let schemas = &document["components"]["schemas"];
        let user = &schemas["User2"]["properties"];
        assert_eq!(user["friend"]["$ref"], "#/components/schemas/User2");
        assert_eq!(user["team"]["$ref"], "#/components/schemas/team");
        let lead = &schemas["team"]["properties"]["lead"];
        assert_eq!(lead["$ref"], "#/components/schemas/User2");
    }

    #[test]
    fn files_that_cannot_be_read_are_listed() {
        let mut document = document();
        let before: Vec<String> = external_files(&document).into_keys().collect();
        assert_eq!(
            before,
            ["gone.yaml", "https://example.com/x.json", "types/user.yaml"]
        );
        bundle(&mut document, "root.yaml", &mut read);
        let left = external_files(&document);
        assert_eq!(left["gone.yaml"], ["/components/schemas/Other"]);
        assert_eq!(
            left["https://example.com/x.json"],
            ["/components/schemas/Web"]
        );
        assert_eq!(left.len(), 2);
    }

    #[test]
    fn mappings_anchors_and_the_document_itself_are_followed() {
        let mut document = json!({"components": {"schemas": {
            "User": {"type": "string"},
            "Pet": {"discriminator": {"propertyName": "kind", "mapping": {
                "cat": "pets/cat.yaml#cat", "dog": "pets/dog.yaml", "user": "User",
            }}},
        }}});
        assert_eq!(external_files(&document).len(), 2);
        bundle(&mut document, "root.yaml", &mut read);
        let schemas = &document["components"]["schemas"];
        let mapping = &schemas["Pet"]["discriminator"]["mapping"];
        assert_eq!(mapping["cat"], "#/components/schemas/cat");
        assert_eq!(mapping["user"], "User");
        let owner = &schemas["cat"]["properties"]["owner"];
        assert_eq!(owner["$ref"], "#/components/schemas/User");
        let left: Vec<String> = external_files(&document).into_keys().collect();
        assert_eq!(left, ["pets/dog.yaml"]);
    }

    #[test]
    fn a_source_that_may_name_files_says_so() {
        let schema =
            |schema: Value| json!({"components": {"schemas": {"A": [schema]}}}).to_string();
        for (schema, names_one) in [
            (schema(json!({"$ref": "pets.json#/A"})), true),
            (schema(json!({"$ref": "#/components/schemas/A"})), false),
            (schema(json!({"mapping": {"cat": "./cat.yaml"}})), true),
            (
                schema(json!({"mapping": {"cat": "Cat", "dog": "#/components/schemas/Dog"}})),
                false,
            ),
        ] {
            for text in [format!("root: {schema}"), schema] {
                let (_, source) = crate::Source::read(text.clone()).unwrap();
                assert_eq!(source.may_name_files(), names_one, "{text}");
            }
        }
    }

    #[test]
    fn anchors_of_other_files_are_not_copied() {
        let mut document = json!({"openapi": "3.1.0", "info": {}, "components": {"schemas": {
            "A": {"$anchor": "cat", "type": "string"},
            "B": {"$ref": "pets/cat.yaml#cat"},
            "C": {"$ref": "list.yaml"},
            "D": {"$ref": "#cat"},
        }}});
        bundle(&mut document, "root.yaml", &mut |file| match file {
            "list.yaml" => Some(json!({"items": {"$anchor": "cat", "type": "integer"}})),
            file => read(file),
        });
        crate::to_openapi_3_0(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["D"]["$ref"], "#/components/schemas/A");
        assert_eq!(schemas["list"], json!({"items": {"type": "integer"}}));
    }

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        assert_eq!(relative("a/b.yaml", "../c.yaml").unwrap(), "c.yaml");
        assert_eq!(relative("", "../c.yaml").unwrap(), "../c.yaml");
        assert_eq!(relative("../a/b.yaml", "./c.yaml").unwrap(), "../a/c.yaml");
        assert_eq!(relative("", "/etc/passwd"), None);
    }
}
