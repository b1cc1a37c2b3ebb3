//! Cookie-dates of http-state: what comes in, and the date that it stands for, written out.

use hardtack::date::{self, ImfFixdate};

use crate::{ran, vectors};

#[test]
fn http_state_dates() {
    let Some(file) = vectors("cookie/dates.json") else {
        return;
    };
    let cases = file.as_array().unwrap();
    for case in cases {
        let text = case["test"].as_str().unwrap();
        let written = date::parse(text.as_bytes())
            .ok()
            .map(|at| ImfFixdate::new(at).unwrap().to_string());
        assert_eq!(written.as_deref(), case["expected"].as_str(), "{text:?}");
    }
    ran("http-state dates", cases.len());
}
