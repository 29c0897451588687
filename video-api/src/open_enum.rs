//! Enums that keep values this version does not know.

/// Declares a string enum with an `Unknown(String)` variant for everything not listed.
#[allow(unused_macros)] // Used by the generated types.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* $variant, )*
            /// A value this version of the client does not know, as the server wrote it.
            Unknown(String),
        }

        impl $name {
            #[inline] // Like all of this: compiled where it is used, and most enums are not.
            fn known(text: &str) -> Option<Self> {
                match text {
                    $( $text => Some(Self::$variant), )*
                    _ => None,
                }
            }

            /// The value as it is written on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::default::Default for $name {
            #[inline]
            fn default() -> Self {
                Self::Unknown(::std::string::String::new())
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown(text.to_owned()))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self::known(&text).unwrap_or(Self::Unknown(text))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::open_enum::text(deserializer)
            }
        }

        $crate::decode::decode_with_serde! { $name, "a string"; }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::stringify!($name).into()
            }
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({"type": "string", "enum": [$($text),*]})
            }
        }
    };
}
#[allow(unused_imports)]
pub(crate) use open_enum;

/// Reads text into a type that takes any text; known values allocate nothing.
#[allow(dead_code)] // Used by the generated types.
pub(crate) fn text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: for<'a> From<&'a str> + From<String>,
{
    struct Text<T>(std::marker::PhantomData<T>);
    impl<T: for<'a> From<&'a str> + From<String>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
        fn visit_string<E>(self, text: String) -> Result<T, E> {
            Ok(T::from(text))
        }
        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::from(""))
        }
    }
    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub)] // The macro declares public types.

    open_enum! {
        /// How a recording is composed.
        pub enum Kind {
            /// One picture.
            Composite = "composite",
            /// Tracks.
            RawTracks = "raw-tracks",
        }
    }

    #[test]
    fn known_and_unknown_values_round_trip() {
        for text in ["composite", "raw-tracks", "hologram", ""] {
            let json = serde_json::to_string(text).unwrap();
            let kind: Kind = serde_json::from_str(&json).unwrap();
            assert_eq!(kind.as_str(), text);
            assert_eq!(serde_json::to_string(&kind).unwrap(), json);
            assert_eq!(kind, Kind::from(text));
            assert_eq!(kind, Kind::from(text.to_owned()));
            assert_eq!(kind.to_string(), text);
        }
        assert_eq!(
            serde_json::from_str::<Kind>("\"composite\"").unwrap(),
            Kind::Composite
        );
        assert_eq!(Kind::from("hologram"), Kind::Unknown("hologram".into()));
        assert_eq!(Kind::default(), Kind::Unknown(String::new()));
    }
}
