//! Rules about request bodies, responses, statuses, media types and headers.

use super::rule::{both, each, rules};
use crate::level::Level::{Additive, Breaking, Cosmetic, None, Risky};

rules! {
    BODY_ADDED_REQUIRED = "body-added-required", each(Breaking, Additive), both(Breaking),
        "Existing callers send no body and are refused; in a webhook or callback it is only more information.",
        "POST /calls gets a required body";
    BODY_ADDED_OPTIONAL = "body-added-optional", both(Additive), both(Additive),
        "A body may now be sent.",
        "POST /calls gets a body that may be left out";
    BODY_REMOVED = "body-removed", each(Risky, Breaking), both(Breaking),
        "A body that callers still send is ignored or refused, and its setters are gone; the receiver of a webhook or callback finds nothing.",
        "POST /calls loses its body";
    BODY_BECAME_REQUIRED = "body-became-required", each(Breaking, Additive), both(Breaking),
        "Callers that send no body are now refused; in a webhook or callback it is a stronger promise.",
        "requestBody.required false becomes true";
    BODY_BECAME_OPTIONAL = "body-became-optional", each(Additive, Breaking), both(Breaking),
        "The body may now be left out, by a webhook or callback too.",
        "requestBody.required true becomes false";
    MEDIA_TYPE_ADDED = "media-type-added", each(Additive, Risky), both(Cosmetic),
        "Another representation exists; a response may come in it unless the caller asks for one.",
        "application/xml appears beside application/json";
    MEDIA_TYPE_REMOVED = "media-type-removed", both(Breaking), both(Breaking),
        "A representation that callers send or ask for is gone.",
        "application/xml disappears";
    MEDIA_TYPE_WIDENED = "media-type-widened", each(Additive, Risky), both(Breaking),
        "A media type becomes a range that contains it; a response may come in another one.",
        "application/json becomes application/*";
    MEDIA_TYPE_NARROWED = "media-type-narrowed", each(Breaking, Additive), both(Breaking),
        "A range becomes one media type that it contains; others are refused.",
        "application/* becomes application/json";
    ENCODING_CHANGED = "encoding-changed", each(Breaking, Risky), both(Cosmetic),
        "Parts of a form or multipart body are written differently.",
        "the part file gets contentType image/png";
    SUCCESS_STATUS_ADDED = "success-status-added", each(Additive, Risky), both(Risky),
        "Callers that check for one status meet another one; the receiver of a webhook or callback may answer with it.",
        "202 appears beside 201";
    SUCCESS_STATUS_REMOVED = "success-status-removed", both(Breaking), both(Breaking),
        "Callers that wait for this status no longer get it.",
        "200 disappears, 204 takes its place";
    SUCCESS_STATUS_NARROWED = "success-status-narrowed", each(Breaking, Additive), both(None),
        "A range of statuses is now given exactly; the receiver of a webhook or callback may answer with another one of it.",
        "2XX becomes 201";
    ERROR_STATUS_ADDED = "error-status-added", both(Additive), both(None),
        "Another error is documented.",
        "409 appears";
    ERROR_STATUS_REMOVED = "error-status-removed", both(Cosmetic), both(None),
        "The documentation drops an error.",
        "409 disappears";
    OTHER_STATUS_ADDED = "other-status-added", both(Risky), both(None),
        "A status that is neither a success nor an error appears; some callers do not follow redirects.",
        "302 appears";
    OTHER_STATUS_REMOVED = "other-status-removed", both(Risky), both(None),
        "The documentation drops a status that is neither a success nor an error.",
        "302 disappears";
    RESPONSE_BODY_ADDED = "response-body-added", each(Breaking, Additive), both(Breaking),
        "The response now carries a body, which the receiver of a webhook or callback has to send; in Rust the result type is another one.",
        "201 gets a JSON body";
    RESPONSE_BODY_REMOVED = "response-body-removed", each(Risky, Breaking), both(Breaking),
        "Callers that read the body find nothing; that of an answer to a webhook or callback is ignored.",
        "201 loses its JSON body";
    HEADER_ADDED_REQUIRED = "header-added-required", each(Breaking, Additive), both(None),
        "The response always carries another header, which the receiver of a webhook or callback has to send.",
        "the required header X-Ratelimit-Limit appears";
    HEADER_ADDED = "header-added", both(Additive), both(None),
        "The response carries another header.",
        "X-Ratelimit-Limit appears";
    HEADER_REMOVED_REQUIRED = "header-removed-required", each(Risky, Breaking), both(None),
        "A header that was promised is gone; that of an answer to a webhook or callback is ignored.",
        "the required header X-Ratelimit-Limit disappears";
    HEADER_REMOVED_OPTIONAL = "header-removed-optional", both(Risky), both(None),
        "A header that came sometimes is gone.",
        "the optional header X-Ratelimit-Limit disappears";
    HEADER_BECAME_REQUIRED = "header-became-required", each(Breaking, Additive), both(None),
        "The response header is now promised, and demanded of an answer to a webhook or callback.",
        "X-Ratelimit-Limit: required false becomes true";
    HEADER_BECAME_OPTIONAL = "header-became-optional", each(Additive, Breaking), both(None),
        "The response header may now be missing.",
        "X-Ratelimit-Limit: required true becomes false";
}
