//! Enums whose variants are distinguished by the value of one property.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::JsonObject;
use crate::decode::{Context, Decode};

/// Declares a union of structs with an `Unknown` variant for kinds that are not listed.
#[allow(unused_macros)] // Used where the spec has unions.
macro_rules! tagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $property:literal {
            $( $(#[$vmeta:meta])* $variant:ident($ty:ident) = $tag:literal, )*
        }
        $( from $from:ident is $to:ident; )*
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* $variant(::std::boxed::Box<$ty>), )*
            /// A kind that this version of the client does not know, as the server wrote it.
            Unknown($crate::JsonObject),
        }

        impl $name {
            /// The value of the property that distinguishes the kinds.
            pub fn tag(&self) -> &str {
                match self {
                    $( Self::$variant(_) => ::std::concat!($tag), )*
                    Self::Unknown(object) => $crate::union::tag(object, $property),
                }
            }
        }

        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self::Unknown($crate::JsonObject::new())
            }
        }

        $(
            impl ::std::convert::From<$from> for $name {
                fn from(value: $from) -> Self {
                    Self::$to(::std::boxed::Box::new(value))
                }
            }
        )*

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(value) => $crate::union::write(&**value, $property, $tag, serializer), )*
                    Self::Unknown(object) => ::serde::Serialize::serialize(object, serializer),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::decode::deserialize(deserializer)
            }
        }

        impl $crate::decode::Decode for $name {
            const EXPECTED: &'static str = "an object";

            fn decode<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                context: &$crate::decode::Context<'_>,
            ) -> ::std::result::Result<(), D::Error> {
                let object = <$crate::JsonObject as ::serde::Deserialize>::deserialize(deserializer)?;
                $(
                    if $crate::union::has_tag(&object, $property, $tag) {
                        *self = Self::$variant($crate::union::decode(object, context)?);
                        return ::std::result::Result::Ok(());
                    }
                )*
                *self = Self::Unknown(object);
                ::std::result::Result::Ok(())
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::stringify!($name).into()
            }
            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({
                    "type": "object",
                    "anyOf": [$(generator.subschema_for::<$ty>(),)* {}]
                })
            }
        }
    };
}
#[allow(unused_imports)]
pub(crate) use tagged_union;

/// Returns whether the object has this tag: a text, an integer or a boolean.
#[allow(dead_code)] // Used where the spec has unions.
pub(crate) fn has_tag<T>(object: &JsonObject, property: &str, tag: T) -> bool
where
    Value: PartialEq<T>,
{
    object.get(property).is_some_and(|value| *value == tag)
}

/// The tag of an object, empty where it has none that is a text.
#[allow(dead_code)] // Used where the spec has unions.
pub(crate) fn tag<'a>(object: &'a JsonObject, property: &str) -> &'a str {
    object
        .get(property)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Decodes a variant from the object that was read to find its tag.
#[allow(dead_code)] // Used where the spec has unions.
pub(crate) fn decode<T: Decode, E: serde::de::Error>(
    object: JsonObject,
    context: &Context<'_>,
) -> Result<Box<T>, E> {
    let mut value = Box::<T>::default();
    let object = Value::Object(object.into_map());
    value.decode(object, context).map_err(E::custom)?;
    Ok(value)
}

/// Writes a value with its tag, whether or not the value has a field for it.
#[allow(dead_code)] // Used where the spec has unions.
pub(crate) fn write<T: Serialize, S: Serializer>(
    value: &T,
    property: &str,
    tag: impl Into<Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
    if let Value::Object(map) = &mut object {
        map.insert(property.to_owned(), tag.into());
    }
    object.serialize(serializer)
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub)] // The macro declares what users see.

    use serde_json::{Value, json};

    use crate::decode::document;
    use crate::record::record;

    #[derive(Clone, Default)]
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    pub struct Circle {
        radius: i64,
    }
    record!(Circle { 0 radius "radius" required, });

    #[derive(Clone, Default)]
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    pub struct Square {
        kind: String,
        side: Option<Box<Shape>>,
    }
    record!(Square { 0 kind "kind" required, 1 side "side", });

    tagged_union! {
        /// A shape.
        pub enum Shape by "kind" {
            /// Round.
            Circle(Circle) = "circle",
            /// With corners.
            Square(Square) = "square",
            /// With corners, too.
            Box(Square) = "box",
        }
        from Circle is Circle;
    }

    #[test]
    fn every_kind_round_trips() {
        for json in [
            json!({"kind": "circle", "radius": 1_718_896_965_123_456_789_i64}),
            json!({"kind": "square"}),
            json!({"kind": "box", "side": {"kind": "circle", "radius": 2}}),
            json!({"kind": "hologram", "depth": [1, null]}),
            json!({"radius": 1}),
            json!({"kind": 3}),
        ] {
            let shape: Shape = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(
                shape.tag(),
                json.get("kind").and_then(Value::as_str).unwrap_or_default()
            );
            assert_eq!(serde_json::to_value(&shape).unwrap(), json);
        }
    }

    #[test]
    fn a_variant_is_written_with_its_tag_whatever_the_field_says() {
        let shape = Shape::from(Circle { radius: 1 });
        assert_eq!(
            serde_json::to_value(&shape).unwrap(),
            json!({"kind": "circle", "radius": 1})
        );
        let square = Shape::Box(Box::default());
        assert_eq!(
            serde_json::to_value(&square).unwrap(),
            json!({"kind": "box"})
        );
    }

    #[test]
    fn a_wrong_field_of_a_known_kind_and_anything_but_an_object_are_errors() {
        let wrong = json!({"kind": "circle", "radius": "wide"});
        let error = serde_json::from_value::<Shape>(wrong).unwrap_err();
        assert!(error.to_string().contains("wide"), "{error}");
        assert!(serde_json::from_value::<Shape>(json!("circle")).is_err());
    }

    #[test]
    fn paths_lead_into_variants() {
        let wrong = r#"{"kind":"square","side":{"kind":"circle","radius":"wide"}}"#;
        assert_eq!(document::<Shape>(wrong).unwrap_err().path, "side.radius");
        let sparse = r#"{"kind":"square","side":{"kind":"circle"}}"#;
        assert_eq!(
            document::<Shape>(sparse).unwrap().corrected,
            ["side.radius"]
        );
    }
}
