use serde_json::json;

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let path = api.call("default:rated", &["ben"]).await;
    let session = api.join("default:rated", "ben").await;
    for (rating, reason) in [(5, "good"), (2, "noise")] {
        let said = json!({ "rating": rating, "reason": reason, "sdk": "rust", "sdk_version": "1",
            "user_session_id": session, "custom": { "n": rating } });
        api.ask(&format!("POST {path}/feedback"), said).await;
    }
    let all = api
        .ask(
            "POST /video/call/feedback?full=true",
            json!({ "filter_conditions": { "cid": "default:rated" } }),
        )
        .await;
    assert_eq!(all["user_feedback"].as_array().unwrap().len(), 2);
    assert_eq!(all["user_feedback"][0]["reason"], "noise");
    assert_eq!(all["user_feedback"][0]["user_id"], "ben");
    let bad = json!({ "filter_conditions": { "cid": "default:rated", "rating": { "$lt": 3 } } });
    let bad = api.ask("POST /video/call/feedback", bad).await;
    assert_eq!(bad["user_feedback"].as_array().unwrap().len(), 1);
    let report = api.get(&format!("{path}/report")).await["report"].clone();
    assert_eq!(
        report["user_ratings"],
        json!({ "average": 3.5, "count": 2 })
    );
    assert_eq!(report["call"]["score"], 70.0);
}

#[tokio::test]
async fn feedback_is_kept_and_counted() {
    story(&Api::start().await).await;
}
