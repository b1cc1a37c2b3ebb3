//! `examples/policy.rs` decides as its own documentation says, line by line.

#[allow(dead_code)] // its `main` is not run here
#[path = "../examples/policy.rs"]
mod shop;

#[test]
fn the_shop_decides_as_it_is_written() {
    let documented: String = include_str!("../examples/policy.rs")
        .lines()
        .skip_while(|line| *line != "//! ```text")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| line.trim_start_matches("//! ").to_owned() + "\n")
        .collect();
    assert_eq!(documented.lines().count(), 8);
    assert_eq!(shop::table(), documented);
}
