//! Rules about types, formats, values, bounds, unions and references.

use super::rule::{both, each, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    TYPE_CHANGED = "type-changed", both(Breaking), both(Breaking),
        "Values of the old type are neither accepted nor sent any more.",
        "duration: string becomes integer";
    TYPE_WIDENED = "type-widened", each(Additive, Breaking), both(Breaking),
        "An integer becomes any number: readers that parse integers meet fractions.",
        "duration: integer becomes number";
    TYPE_NARROWED = "type-narrowed", each(Breaking, Additive), both(Breaking),
        "Any number becomes an integer: fractions are refused.",
        "duration: number becomes integer";
    TYPE_OPENED = "type-opened", each(Additive, Breaking), both(Breaking),
        "A value of a known type may now be anything, or the first values are allowed.",
        "custom: string becomes {}";
    TYPE_CLOSED = "type-closed", each(Breaking, Additive), both(Breaking),
        "A value that could be anything now has a type, or none is allowed at all.",
        "custom: {} becomes string";
    FORMAT_CHANGED = "format-changed", both(Breaking), both(Breaking),
        "The same type is written in another way.",
        "starts_at: date becomes date-time";
    FORMAT_WIDENED = "format-widened", each(Additive, Risky), both(Breaking),
        "Larger or more precise numbers may come than the old size holds.",
        "int32 becomes int64, float becomes double";
    FORMAT_NARROWED = "format-narrowed", each(Breaking, Risky), both(Breaking),
        "Numbers that fitted before may be refused, or lose precision.",
        "int64 becomes int32, double becomes float";
    FORMAT_ADDED = "format-added", each(Breaking, Additive), both(Breaking),
        "Values must now follow a format.",
        "starts_at: string gets format date-time";
    FORMAT_REMOVED = "format-removed", each(Additive, Breaking), both(Breaking),
        "Values need not follow the format any more.",
        "starts_at: string loses format date-time";
    FORMAT_UNKNOWN = "format-unknown", both(Risky), both(Cosmetic),
        "A format comes, goes or changes that no registry knows; whether values are checked against it cannot be told.",
        "code: string gets format product-code";
    ENUM_VALUE_ADDED = "enum-value-added", each(Additive, Risky), both(Additive),
        "Receivers may meet a value that they do not know; senders are not affected.",
        "mode gets the value audio";
    ENUM_VALUE_REMOVED = "enum-value-removed", each(Breaking, Additive), both(Breaking),
        "Callers that send the value are refused, and the variant is gone.",
        "mode loses the value audio";
    ENUM_INTRODUCED = "enum-introduced", each(Breaking, Additive), both(Breaking),
        "A free value is now one of a list.",
        "mode: string becomes one of auto, off";
    ENUM_DROPPED = "enum-dropped", each(Additive, Risky), both(Breaking),
        "A value of a list becomes free.",
        "mode: one of auto, off becomes string";
    BOUND_TIGHTENED = "bound-tightened", each(Breaking, Additive), both(Cosmetic),
        "Fewer values are allowed: a length, range, count, pattern or multiple is stricter.",
        "maxLength 255 becomes 100";
    BOUND_LOOSENED = "bound-loosened", each(Additive, Risky), both(Cosmetic),
        "More values are allowed; readers may have counted on the bound.",
        "maxLength 100 becomes 255";
    BOUND_INAPPLICABLE = "bound-inapplicable", both(Cosmetic), both(Cosmetic),
        "The bound does not apply to values of this type, so it bounds nothing.",
        "maxLength of an integer changes";
    PATTERN_CHANGED = "pattern-changed", each(Breaking, Risky), both(Cosmetic),
        "Which of two patterns allows more cannot be told; some values may be refused.",
        "pattern ^[a-z]+$ becomes ^[a-z0-9]+$";
    UNION_VARIANT_ADDED = "union-variant-added", each(Additive, Breaking), both(Additive),
        "Readers may meet an alternative that they cannot read.",
        "oneOf gets EmailEvent";
    UNION_VARIANT_REMOVED = "union-variant-removed", each(Breaking, Additive), both(Breaking),
        "Callers that send this alternative are refused.",
        "oneOf loses EmailEvent";
    UNION_INTRODUCED = "union-introduced", each(Additive, Breaking), both(Breaking),
        "The one type becomes one of several, the old one among them.",
        "CallEvent becomes oneOf CallEvent, UserEvent";
    UNION_DROPPED = "union-dropped", each(Breaking, Additive), both(Breaking),
        "Of several alternatives one is left.",
        "oneOf CallEvent, UserEvent becomes CallEvent";
    UNION_KIND_CHANGED = "union-kind-changed", both(Risky), both(Risky),
        "oneOf wants exactly one alternative to match, anyOf at least one.",
        "oneOf becomes anyOf";
    UNION_REWRITTEN = "union-rewritten", both(Cosmetic), both(Breaking),
        "The same values are written with other alternatives, or without any; the Rust type may be another.",
        "anyOf string and one of a, b becomes string";
    UNION_OVERLAP = "union-overlap", each(Breaking, Additive), both(None),
        "oneOf refuses what two alternatives match, and values that matched one now match two.",
        "number becomes oneOf integer, number";
    UNION_OVERLAP_POSSIBLE = "union-overlap-possible", each(Risky, Additive), both(None),
        "oneOf refuses what two alternatives match, and that they cannot both match is not certain.",
        "oneOf gets an alternative without required properties beside one that requires id";
    DISCRIMINATOR_CHANGED = "discriminator-changed", both(Breaking), both(Breaking),
        "The property that tells alternatives apart is another one, or there is none.",
        "propertyName kind becomes type";
    DISCRIMINATOR_MAPPING_ADDED = "discriminator-mapping-added", each(Additive, Risky), both(Additive),
        "Another value of the discriminating property is in use.",
        "mapping gets call.ended";
    DISCRIMINATOR_MAPPING_REMOVED = "discriminator-mapping-removed", each(Breaking, Additive), both(Breaking),
        "A value of the discriminating property is no longer in use.",
        "mapping loses call.ended";
    DISCRIMINATOR_MAPPING_CHANGED = "discriminator-mapping-changed", both(Breaking), both(Breaking),
        "The same value now means another alternative.",
        "mapping call.ended points to another schema";
    NOT_CHANGED = "not-changed", each(Breaking, Risky), both(Cosmetic),
        "The schema that a value must not match is different.",
        "not: {enum: [all]} appears";
    XML_CHANGED = "xml-changed", both(Breaking), both(None),
        "Names or places in the XML form are different; JSON is not affected.",
        "xml.name call becomes Call";
    COMPONENT_ADDED = "component-added", both(Cosmetic), both(Additive),
        "A component that nothing reaches appears.",
        "the schema Report appears, no operation uses it";
    COMPONENT_REMOVED = "component-removed", both(Cosmetic), both(Breaking),
        "A component that nothing reached is gone, and its type with it.",
        "the schema Report disappears, no operation used it";
    COMPONENT_RENAMED = "component-renamed", both(Cosmetic), both(Breaking),
        "A type has another name; what is sent stays the same.",
        "Member becomes CallMember";
    REFERENCE_CHANGED = "reference-changed", both(Cosmetic), both(Breaking),
        "Another existing type is used here; what differs on the wire is part of this entry's level.",
        "created_by: UserResponse becomes OwnUserResponse";
    REFERENCE_INLINED = "reference-inlined", both(Cosmetic), both(Breaking),
        "A named object or enum is written in place, or the reverse; the Rust type has another name.",
        "created_by: a reference to User becomes the same object in place";
    REFERENCE_ALIASED = "reference-aliased", both(Cosmetic), both(None),
        "The same thing is reached through another reference.",
        "cid: a reference to Cid becomes the same string in place";
    REFERENCE_BROKEN = "reference-broken", both(Risky), both(Breaking),
        "A reference has lost or found its target.",
        "created_by refers to Usr, which does not exist";
    SCHEMA_RESTRUCTURED = "schema-restructured", both(Cosmetic), both(None),
        "The schema is composed differently and means the same.",
        "{$ref: User} becomes {allOf: [{$ref: User}]}";
}
