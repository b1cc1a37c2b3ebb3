//! Plays a plan to jars and prints what they send: the part of the comparison that is ours.
//!
//! Reads from standard input what `run` makes: for each client that is compared, the actions in the
//! order in which it took them. Texts are octets, one character each.

use std::io::{Read, Write};
use std::time::SystemTime;

use hardtack::cookie::{NoSuffixList, Request};
use hardtack::jar::{Jar, Outcome};
use hardtack::time::UnixTime;
use serde_json::{Map, Value};

fn octets(text: &str) -> Vec<u8> {
    text.chars()
        .map(|char| u8::try_from(char).expect("octets"))
        .collect()
}

fn text(octets: &[u8]) -> String {
    octets.iter().map(|&octet| char::from(octet)).collect()
}

fn request(action: &Value) -> Request<'_> {
    let field = |name: &str| action[name].as_str().expect("a text");
    let (host, target) = (field("host"), field("target"));
    let request = match field("scheme") {
        "https" => Request::https(host, target),
        _ => Request::http(host, target),
    };
    let mut request = request.expect("a host").partitioned(field("top"));
    if action["cross"] == true {
        request = request.cross_site();
    }
    if action["navigation"] == true {
        request = request.top_level_navigation();
    }
    if action["script"] == true {
        request = request.from_script();
    }
    request
}

fn main() {
    let mut plan = String::new();
    std::io::stdin().read_to_string(&mut plan).expect("a plan");
    let plan: Value = serde_json::from_str(&plan).expect("a plan in JSON");
    let since = SystemTime::UNIX_EPOCH.elapsed().expect("a clock");
    let now = UnixTime::from_secs(since.as_secs().try_into().expect("a time"));
    // The top-level domains of the plan are public suffixes, and so they are without a list.
    let mut jar = Box::new(Jar::<4096, 2_000_000>::new(NoSuffixList));
    let mut buffer = vec![0; 1_000_000];
    let mut answers = Map::new();
    for action in plan.as_array().expect("actions") {
        let request = request(action);
        let id = action["id"].as_str().expect("an id").to_owned();
        let answer = match action["lines"].as_array() {
            Some(lines) => {
                let outcome = |line: &Value| {
                    let line = octets(line.as_str().expect("a line"));
                    match jar.store(&line, &request, now) {
                        Outcome::Ignored(error) => format!("ignored: {error}"),
                        other => format!("{other:?}").to_lowercase(),
                    }
                };
                lines.iter().map(outcome).collect::<Vec<_>>().join(", ")
            }
            None => text(
                jar.write_header(&request, &mut buffer, now)
                    .expect("room for a header"),
            ),
        };
        answers.insert(id, answer.into());
    }
    let answers = serde_json::to_vec(&answers).expect("JSON");
    std::io::stdout().write_all(&answers).expect("an output");
}
