//! Creating users from a list.

use crate::types::UserRequest;
use crate::{Client, requests};

impl Client {
    /// Creates users, and replaces those that exist (`UpdateUsers`).
    ///
    /// Members and creators of a call have to exist as users before the call can name them. A
    /// user's optional fields that are not set are removed from a user that exists:
    /// [`update_users_partial`](Self::update_users_partial) changes single fields. When an id is
    /// given twice, the last one counts.
    ///
    /// ```no_run
    /// # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
    /// use video_api::types::UserRequest;
    ///
    /// let users = [UserRequest::new("ana").name("Ana"), UserRequest::new("bo").role("admin")];
    /// let response = client.upsert_users(users).send().await?;
    /// assert!(response.users.contains_key("ana"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn upsert_users<I>(&self, users: I) -> requests::UpdateUsers
    where
        I: IntoIterator,
        I::Item: Into<UserRequest>,
    {
        // On the wire it is a map whose keys repeat the ids.
        self.update_users(users.into_iter().map(|user| {
            let user: UserRequest = user.into();
            (user.id.clone(), user)
        }))
    }
}
