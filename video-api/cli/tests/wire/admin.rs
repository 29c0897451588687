//! Call types and SIP.

use serde_json::json;
use video_api::types::{
    BackstageSettingsRequest, CallSettingsRequest, NotificationSettingsRequest,
    SipCallConfigsRequest, SipCallerConfigsRequest, SipDirectRoutingRuleCallConfigsRequest,
    SipPinProtectionConfigsRequest,
};

use super::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("ListCallTypes", [], {}, |c| c.list_call_types()),
        case!("CreateCallType", ["--name", "town", "--grants", r#"{"admin":[],"user":["join-call"]}"#,
                "--notification-settings", r#"{"enabled":false}"#],
            {"body": {"name": "town", "grants": {"admin": [], "user": ["join-call"]},
                "notification_settings": {"enabled": false}}},
            |c| c.create_call_type("town")
                .grants([("admin", vec![]), ("user", vec!["join-call".to_owned()])])
                .notification_settings(NotificationSettingsRequest::new().enabled(false))),
        case!("GetCallType", ["town hall"], {"path": {"name": "town hall"}}, |c| c.get_call_type("town hall")),
        case!("UpdateCallType", ["town", "--settings", r#"{"backstage":{"enabled":true,"join_ahead_time_seconds":0}}"#],
            {"path": {"name": "town"}, "body": {"settings": {"backstage": {"enabled": true, "join_ahead_time_seconds": 0}}}},
            |c| c.update_call_type("town").settings(CallSettingsRequest::new()
                .backstage(BackstageSettingsRequest::new().enabled(true).join_ahead_time_seconds(0)))),
        case!("DeleteCallType", ["town"], {"path": {"name": "town"}}, |c| c.delete_call_type("town")),
        case!("ListSIPTrunks", [], {}, |c| c.list_sip_trunks()),
        case!("CreateSIPTrunk", ["--name", "t", "--numbers", "+1", "--numbers", "+2", "--password", "pass-word"],
            {"body": {"name": "t", "numbers": ["+1", "+2"], "password": "pass-word"}},
            |c| c.create_sip_trunk("t", ["+1", "+2"]).password("pass-word")),
        case!("UpdateSIPTrunk", ["x", "--name", "t", "--numbers", "+1", "--allowed-ips", "10.0.0.0/8"],
            {"path": {"id": "x"}, "body": {"name": "t", "numbers": ["+1"], "allowed_ips": ["10.0.0.0/8"]}},
            |c| c.update_sip_trunk("x", "t", ["+1"]).allowed_ips(["10.0.0.0/8"])),
        case!("DeleteSIPTrunk", ["x"], {"path": {"id": "x"}}, |c| c.delete_sip_trunk("x")),
        case!("ListSIPInboundRoutingRule", [], {}, |c| c
            .list_sip_inbound_routing_rule()),
        case!("CreateSIPInboundRoutingRule", ["--name", "r", "--trunk-ids", "t",
                "--caller-configs", r#"{"id":"ana","custom_data":{"z":null}}"#, "--called-numbers", "+1",
                "--direct-routing-configs", r#"{"call_type":"default","call_id":"x"}"#],
            {"body": {"name": "r", "trunk_ids": ["t"], "caller_configs": {"id": "ana", "custom_data": {"z": null}},
                "called_numbers": ["+1"], "direct_routing_configs": {"call_type": "default", "call_id": "x"}}},
            |c| c.create_sip_inbound_routing_rule(
                    SipCallerConfigsRequest::new("ana").custom_data(json!({"z": null})), "r", ["t"])
                .called_numbers(["+1"])
                .direct_routing_configs(SipDirectRoutingRuleCallConfigsRequest::new("x", "default"))),
        case!("UpdateSIPInboundRoutingRule", ["y", "--name", "r", "--trunk-ids", "t", "--caller-configs", r#"{"id":"ana"}"#,
                "--call-configs", r#"{"custom_data":{}}"#, "--pin-protection-configs", r#"{"max_attempts":3}"#],
            {"path": {"id": "y"}, "body": {"name": "r", "trunk_ids": ["t"], "caller_configs": {"id": "ana"},
                "call_configs": {"custom_data": {}}, "pin_protection_configs": {"max_attempts": 3}}},
            |c| c.update_sip_inbound_routing_rule("y", SipCallerConfigsRequest::new("ana"), "r", ["t"])
                .call_configs(SipCallConfigsRequest::new().custom_data(json!({})))
                .pin_protection_configs(SipPinProtectionConfigsRequest::new().max_attempts(3))),
        case!("DeleteSIPInboundRoutingRule", ["y"], {"path": {"id": "y"}},
            |c| c.delete_sip_inbound_routing_rule("y")),
        case!("ResolveSipAuth", ["--sip-caller-number", "+1", "--sip-trunk-number", "+2", "--source-ip", "1.2.3.4"],
            {"body": {"sip_caller_number": "+1", "sip_trunk_number": "+2", "source_ip": "1.2.3.4"}},
            |c| c.resolve_sip_auth("+1", "+2").source_ip("1.2.3.4")),
        case!("ResolveSipInbound", ["--sip-caller-number", "+1", "--sip-trunk-number", "+2", "--sip-headers", r#"{"X-A":"1"}"#],
            {"body": {"sip_caller_number": "+1", "sip_trunk_number": "+2", "sip_headers": {"X-A": "1"}}},
            |c| c.resolve_sip_inbound("+1", "+2").sip_headers([("X-A", "1")])),
    ]
}
