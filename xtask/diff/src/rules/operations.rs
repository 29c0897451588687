//! Rules about operations and paths as a whole.

use super::rule::{both, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    OPERATION_ADDED = "operation-added", both(Additive), both(Additive),
        "A new operation can be called; nothing that exists changes.",
        "GET /calls/{id}/report appears";
    OPERATION_REMOVED = "operation-removed", both(Breaking), both(Breaking),
        "Callers of the operation get an error, and the method is gone from the client.",
        "DELETE /calls/{id} disappears";
    OPERATION_REMOVED_AFTER_SUNSET = "operation-removed-after-sunset", both(Risky), both(Breaking),
        "The operation was deprecated with a sunset date that has passed, so its removal was announced.",
        "GET /rooms was deprecated with x-sunset 2024-01-31 and is now gone";
    OPERATION_MOVED = "operation-moved", both(Breaking), both(Cosmetic),
        "The same operation id is served under another path or method; running callers still use the old one.",
        "ListCalls moves from GET /calls to POST /calls/query";
    OPERATION_RENAMED = "operation-renamed", both(Cosmetic), both(Breaking),
        "Only the operation id changes: requests stay the same, but the generated method has another name.",
        "operationId ListCalls becomes QueryCalls";
    OPERATION_DEPRECATED = "operation-deprecated", both(Cosmetic), both(Risky),
        "The operation still works, and the generated method warns, which fails builds that deny warnings.",
        "GET /rooms gets deprecated: true";
    OPERATION_UNDEPRECATED = "operation-undeprecated", both(Cosmetic), both(Cosmetic),
        "The operation is no longer announced for removal.",
        "GET /rooms loses deprecated: true";
    SUNSET_EARLIER = "sunset-earlier", both(Risky), both(None),
        "The date from which a deprecated operation may disappear moves closer.",
        "x-sunset moves from 2030-06-30 to 2030-01-31";
    SUNSET_CHANGED = "sunset-changed", both(Cosmetic), both(None),
        "A sunset date is announced, withdrawn or moved to a later day.",
        "x-sunset moves from 2030-01-31 to 2030-06-30";
    PATH_PARAMETER_RENAMED = "path-parameter-renamed", both(Cosmetic), both(Cosmetic),
        "The placeholder has another name at the same position; its name is never sent.",
        "/calls/{call_id} becomes /calls/{id}";
    PATH_ADDED = "path-added", both(Cosmetic), both(None),
        "A path without any operation appears.",
        "/calls: {} appears";
    PATH_REMOVED = "path-removed", both(Cosmetic), both(None),
        "A path without any operation disappears.",
        "/calls: {} disappears";
    CALLBACK_ADDED = "callback-added", both(Risky), both(None),
        "The server may now call back to an address of the caller.",
        "onRecordingReady appears";
    CALLBACK_REMOVED = "callback-removed", both(Breaking), both(None),
        "Callers that wait for this callback no longer get it.",
        "onRecordingReady disappears";
    LINK_CHANGED = "link-changed", both(Cosmetic), both(None),
        "A link that describes how responses feed other operations is different.",
        "the link GetCallById gets another parameter";
    SECURITY_INTRODUCED = "security-introduced", both(Breaking), both(None),
        "Requests without credentials used to be accepted and no longer are.",
        "security: [] becomes security: [{jwt: []}]";
    SECURITY_DROPPED = "security-dropped", both(Additive), both(None),
        "Credentials are no longer needed.",
        "security: [{jwt: []}] becomes security: []";
    SECURITY_ALTERNATIVE_ADDED = "security-alternative-added", both(Additive), both(None),
        "Another way to authenticate is accepted beside the existing ones.",
        "[{jwt: []}] becomes [{jwt: []}, {api_key: []}]";
    SECURITY_ALTERNATIVE_REMOVED = "security-alternative-removed", both(Breaking), both(None),
        "A way to authenticate that callers may use is no longer accepted.",
        "[{jwt: []}, {api_key: []}] becomes [{jwt: []}]";
    SECURITY_SCOPE_ADDED = "security-scope-added", both(Breaking), both(None),
        "Existing credentials may lack the scope that is now demanded.",
        "{oauth: [read]} becomes {oauth: [read, write]}";
    SECURITY_SCOPE_REMOVED = "security-scope-removed", both(Additive), both(None),
        "Fewer scopes are demanded than before.",
        "{oauth: [read, write]} becomes {oauth: [read]}";
    WEBHOOK_SECURITY_CHANGED = "webhook-security-changed", both(Risky), both(None),
        "A webhook or callback comes with other credentials, and its receiver may check them.",
        "the security of the webhook rated becomes []";
    SECURITY_SCHEME_CHANGED = "security-scheme-changed", both(Breaking), both(None),
        "Credentials have to be sent in another place or form.",
        "api_key moves from the query to a header";
    SECURITY_SCHEME_REMOVED = "security-scheme-removed", both(Cosmetic), both(None),
        "A security scheme is no longer described; what operations demand is reported with them.",
        "the scheme oauth disappears";
    SECURITY_FLOW_ADDED = "security-flow-added", both(Additive), both(None),
        "Another way to get a token is offered.",
        "the scheme oauth gets the flow clientCredentials";
    SECURITY_SCOPE_OFFERED = "security-scope-offered", both(Additive), both(None),
        "A scope can be asked for; what operations demand is reported with them.",
        "the scheme oauth offers the scope write";
    SECURITY_SCOPE_WITHDRAWN = "security-scope-withdrawn", both(Risky), both(None),
        "A scope can no longer be asked for; requests for a token that name it may be refused.",
        "the scheme oauth no longer offers the scope write";
    SECURITY_SCHEME_ADDED = "security-scheme-added", both(Cosmetic), both(None),
        "Another security scheme is described; what operations demand is reported with them.",
        "the scheme oauth appears";
}
