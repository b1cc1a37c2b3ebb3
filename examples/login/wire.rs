//! What went over the wire, kept so that the page can show it. No real server does this.

use std::collections::VecDeque;

use serde_json::{Value, json};
use tiny_http::{Header, Request};

/// The last exchanges, each under a name that the page has chosen and only the page knows.
#[derive(Default)]
pub struct Wire(VecDeque<(String, Value)>);

impl Wire {
    const KEPT: usize = 64;

    /// Keeps an exchange if the request names it.
    pub fn keep(
        &mut self,
        request: &Request,
        form: &str,
        status: u16,
        headers: &[Header],
        body: &str,
    ) {
        let Some(id) = super::header(request, "X-Exchange").filter(|id| id.len() == 32) else {
            return;
        };
        let own = |header: &&Header| !header.field.equiv("X-Exchange");
        let exchange = json!({
            "request": {
                "line": format!("{} {} HTTP/1.1", request.method(), request.url()),
                "headers": pairs(request.headers().iter().filter(own)),
                "body": without_password(form),
            },
            "response": {
                "line": format!("HTTP/1.1 {status} {}", tiny_http::StatusCode(status).default_reason_phrase()),
                "headers": pairs(headers.iter()),
                "body": if body.len() < 4096 { body } else { "" },
            },
        });
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back((id.to_owned(), exchange));
    }

    /// The exchange of this name.
    pub fn show(&self, id: &str) -> Option<&Value> {
        self.0
            .iter()
            .find_map(|(name, exchange)| (name == id).then_some(exchange))
    }
}

fn pairs<'a>(headers: impl Iterator<Item = &'a Header>) -> Vec<(String, String)> {
    headers
        .map(|header| (header.field.to_string(), header.value.to_string()))
        .collect()
}

fn without_password(form: &str) -> String {
    let field = |field: &str| match field.split_once('=') {
        Some(("password", _)) => "password=…".to_owned(),
        _ => field.to_owned(),
    };
    form.split('&').map(field).collect::<Vec<_>>().join("&")
}
