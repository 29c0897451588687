//! Rules about the document as a whole, and for what no other rule knows.

use super::rule::{both, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    SERVER_ADDED = "server-added", both(Additive), both(None),
        "The API is offered at another address.",
        "https://eu.example.com appears";
    SERVER_REMOVED = "server-removed", both(Breaking), both(None),
        "Callers of this address have to move.",
        "https://eu.example.com disappears";
    SERVER_CHANGED = "server-changed", both(Risky), both(None),
        "A variable of the server's address is different.",
        "the variable region has another default";
    PREFIX_MOVED = "prefix-moved", both(Risky), both(Risky),
        "Whole addresses stay the same, but a base address that callers have set needs the prefix, or has it twice.",
        "https://example.com with /v1/calls becomes https://example.com/v1 with /calls";
    WEBHOOK_EVENT_ADDED = "webhook-event-added", both(Additive), both(Additive),
        "A new kind of event may arrive.",
        "call.report appears among the webhook events";
    WEBHOOK_EVENT_REMOVED = "webhook-event-removed", both(Breaking), both(Breaking),
        "Code that waits for the event no longer gets it.",
        "call.report disappears from the webhook events";
    WEBHOOK_DISCRIMINATOR_CHANGED = "webhook-discriminator-changed", both(Breaking), both(Breaking),
        "Events are told apart by another property.",
        "the discriminator type becomes kind";
    VERSION_CHANGED = "version-changed", both(Cosmetic), both(None),
        "The document carries another version.",
        "info.version 1.0.0 becomes 1.1.0";
    OPENAPI_VERSION_CHANGED = "openapi-version-changed", both(Cosmetic), both(None),
        "The document names another version of OpenAPI.",
        "openapi 3.0.0 becomes 3.0.3";
    TAGS_CHANGED = "tags-changed", both(Cosmetic), both(None),
        "Operations are grouped differently.",
        "the tag calls becomes video";
    PROSE_CHANGED = "prose-changed", both(Cosmetic), both(None),
        "A title, summary, description or example reads differently.",
        "a description is reworded";
    EXTENSION_CHANGED = "extension-changed", both(Cosmetic), both(None),
        "An extension (x-…) is different.",
        "x-internal appears";
    RESTATED = "restated", both(Cosmetic), both(None),
        "The same is said in other words: a default spelled out, a duplicate, a number written differently.",
        "nullable: false appears";
    SURFACE_BROKEN = "surface-broken", both(Cosmetic), both(Breaking),
        "The generated API loses or changes a line that no other entry explains.",
        "a generated type name changes because of a clash";
    SURFACE_EXTENDED = "surface-extended", both(Cosmetic), both(Additive),
        "The generated API gains a line that no other entry explains.",
        "a generated type appears because of a clash";
    UNCLASSIFIED = "unclassified", both(Risky), both(Risky),
        "Something is different that no rule understands; look at it.",
        "an unknown keyword appears in a schema";
}
