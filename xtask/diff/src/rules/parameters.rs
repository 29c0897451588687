//! Rules about parameters in paths, queries, headers and cookies.

use super::rule::{both, each, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    PARAMETER_ADDED_REQUIRED = "parameter-added-required", each(Breaking, Additive), both(Breaking),
        "Existing callers do not send the new parameter and are refused; in a webhook or callback it is only more information.",
        "the required query parameter region appears";
    PARAMETER_ADDED_OPTIONAL = "parameter-added-optional", both(Additive), both(Additive),
        "A new parameter may be sent.",
        "the optional query parameter region appears";
    PARAMETER_REMOVED = "parameter-removed", both(Risky), both(Breaking),
        "A value that callers still send is ignored or refused, and the setter is gone.",
        "the query parameter region disappears";
    PARAMETER_NO_LONGER_SENT = "parameter-no-longer-sent", both(Breaking), both(None),
        "A webhook or callback lacks a parameter that its receiver could count on.",
        "the webhook rated no longer comes with the required header X-Signature";
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", each(Breaking, Additive), both(Breaking),
        "Callers that leave the parameter out are now refused; in a webhook or callback it is a stronger promise.",
        "region: required false becomes true";
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", each(Additive, Breaking), both(Breaking),
        "The parameter may now be left out, by a webhook or callback too; in Rust it moves from an argument to a setter.",
        "region: required true becomes false";
    PARAMETER_MOVED = "parameter-moved", both(Breaking), both(Breaking),
        "The parameter of this name is expected in another part of the request.",
        "region moves from the query to a header";
    PARAMETER_SERIALIZATION_CHANGED = "parameter-serialization-changed", both(Breaking), both(Cosmetic),
        "The same value has to be written differently: style, explode, reserved characters, or JSON content.",
        "tags: explode true becomes false, so tags=a&tags=b becomes tags=a,b";
    PARAMETER_SERIALIZATION_LOOSENED = "parameter-serialization-loosened", each(Additive, Risky), both(Cosmetic),
        "An empty value, or reserved characters as they are, may be sent; everything else is written as before.",
        "q: allowReserved false becomes true";
    PARAMETER_BECAME_LIST = "parameter-became-list", each(Additive, Breaking), both(Breaking),
        "Several values may be given; one is written as before, but the setter takes another type.",
        "color: a string becomes an exploded list of strings, so color=red stays valid";
    PARAMETER_TYPE_RESTATED = "parameter-type-restated", both(Cosmetic), both(Breaking),
        "Another type stands for the same text, which is what a parameter is; in Rust it has another type.",
        "active: a boolean becomes one of the strings true and false";
    PARAMETER_BECAME_NOT_NULLABLE = "parameter-became-not-nullable", each(Risky, Additive), both(Breaking),
        "A parameter has no form for null; some callers write a word or nothing in its place.",
        "q loses nullable: true";
    PARAMETER_GROUPED = "parameter-grouped", both(Cosmetic), both(Breaking),
        "The parameter is now a property of an exploded object, or the reverse, and is written as before.",
        "page and size become the properties of paging";
    PARAMETER_LEVEL_CHANGED = "parameter-level-changed", both(Cosmetic), both(None),
        "The parameter is declared on the path instead of the operation, or the reverse.",
        "region is declared once for the path";
}
