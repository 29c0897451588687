//! Rules about the properties of objects.

use super::rule::{both, each, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    PROPERTY_ADDED_OPTIONAL = "property-added-optional", both(Additive), both(Additive),
        "A property may be sent, or may come back.",
        "CallRequest gets the optional property title";
    PROPERTY_ADDED_REQUIRED = "property-added-required", each(Breaking, Additive), each(Breaking, Additive),
        "Existing callers do not send the new property and are refused; in a response it is only more information.",
        "CallRequest gets the required property title";
    PROPERTY_REMOVED_OPTIONAL = "property-removed-optional", both(Risky), both(Breaking),
        "The value that callers send is ignored or refused; readers never find one; the field is gone from the type.",
        "the optional property title of CallRequest disappears";
    PROPERTY_REMOVED_REQUIRED = "property-removed-required", each(Risky, Breaking), both(Breaking),
        "Callers that read the property relied on its presence.",
        "the required property cid of CallResponse disappears";
    PROPERTY_REFUSED_OPTIONAL = "property-refused-optional", each(Breaking, Risky), both(Breaking),
        "The property is gone and the object refuses it: callers that send it are refused; readers never find one.",
        "title disappears from a CallRequest with additionalProperties: false";
    PROPERTY_REFUSED_REQUIRED = "property-refused-required", both(Breaking), both(Breaking),
        "Every caller sends the property, which the object now refuses; readers relied on its presence.",
        "the required property title disappears from a CallRequest with additionalProperties: false";
    PROPERTY_UNNAMED = "property-unnamed", both(Cosmetic), both(Breaking),
        "The schema stops naming the property, and takes it as one of the further ones with the same values.",
        "title disappears, additionalProperties {type: string} allows it";
    PROPERTY_BECAME_REQUIRED = "property-became-required", each(Breaking, Additive), both(Breaking),
        "Callers that leave the property out are refused; in a response it is a stronger promise.",
        "title of CallRequest becomes required";
    PROPERTY_BECAME_OPTIONAL = "property-became-optional", each(Additive, Breaking), both(Breaking),
        "The property may be missing from responses; the field T becomes Option<T>.",
        "cid of CallResponse becomes optional";
    REQUIRED_NAME_UNDECLARED = "required-name-undeclared", both(Risky), both(None),
        "The list of required names changes for a name that no property has.",
        "required gets the name titel, the property is called title";
    BECAME_NULLABLE = "became-nullable", each(Additive, Breaking), both(Breaking),
        "Responses may now carry null where readers expect a value.",
        "cid gets nullable: true";
    BECAME_NOT_NULLABLE = "became-not-nullable", each(Breaking, Additive), both(Breaking),
        "Requests that send null are refused.",
        "title loses nullable: true";
    DEFAULT_CHANGED = "default-changed", each(Risky, Cosmetic), each(Risky, Cosmetic),
        "Callers that leave the value out get different behaviour.",
        "limit: default 25 becomes 10";
    DEPRECATED = "deprecated", both(Cosmetic), both(Risky),
        "It still works, and its use warns, which fails builds that deny warnings.",
        "title gets deprecated: true";
    UNDEPRECATED = "undeprecated", both(Cosmetic), both(Cosmetic),
        "It is no longer announced for removal.",
        "title loses deprecated: true";
    BECAME_READ_ONLY = "became-read-only", each(Risky, Cosmetic), each(Breaking, None),
        "The property is no longer taken from requests.",
        "cid gets readOnly: true";
    NO_LONGER_READ_ONLY = "no-longer-read-only", each(Additive, Cosmetic), each(Additive, None),
        "The property may now be sent.",
        "cid loses readOnly: true";
    BECAME_WRITE_ONLY = "became-write-only", each(Cosmetic, Breaking), each(None, Breaking),
        "The property no longer comes back in responses.",
        "secret gets writeOnly: true";
    NO_LONGER_WRITE_ONLY = "no-longer-write-only", each(Cosmetic, Additive), each(None, Additive),
        "The property may now come back in responses.",
        "secret loses writeOnly: true";
    ADDITIONAL_PROPERTIES_CLOSED = "additional-properties-closed", each(Breaking, Additive), both(Breaking),
        "Properties beyond the named ones are refused.",
        "additionalProperties becomes false";
    ADDITIONAL_PROPERTIES_OPENED = "additional-properties-opened", each(Additive, Risky), both(Breaking),
        "Properties beyond the named ones may come.",
        "additionalProperties false becomes {}";
    ADDITIONAL_PROPERTIES_NARROWED = "additional-properties-narrowed", each(Breaking, Additive), both(Breaking),
        "Values of further properties must now have a certain shape.",
        "additionalProperties {} becomes {type: string}";
    ADDITIONAL_PROPERTIES_WIDENED = "additional-properties-widened", each(Additive, Breaking), both(Breaking),
        "Values of further properties may now have any shape.",
        "additionalProperties {type: string} becomes {}";
}
