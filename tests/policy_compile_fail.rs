//! What must not compile: see `tests/policy_compile_fail/`, each of whose programs says in its
//! first line what it tries. After a change of the compiler's words, `TRYBUILD=overwrite` writes
//! them anew.

#[test]
fn nothing_but_a_policy_makes_a_permit() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/policy_compile_fail/*.rs");
}
