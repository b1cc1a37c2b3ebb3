//! `switches FROM TO MUTANTS LEFT_OUT`: writes the sources of the folder `FROM` into the folder `TO`, with many mutants
//! in them at once, each behind a switch.
//!
//! `MUTANTS` is what `cargo mutants --list --json` says of `FROM`; a mutant's number is its place there, from 1.
//! `LEFT_OUT` is a JSON list of the numbers of those that do not compile. On standard output, as JSON: where in the
//! new files each mutant lies.
//!
//! Of what has mutants there is one copy for each, and one in which nothing is changed but what lies within; which
//! of them runs is asked of `crate::switches::at`. So `a + b` becomes
//! `(match crate::switches::at(7) { 7 => (a - b), 8 => (a * b), _ => (a + b) })`, and a function gets a first statement
//! that returns something else.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use proc_macro2::{LineColumn, Span};
use serde::{Deserialize, Serialize};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

#[derive(Deserialize)]
struct Mutant {
    file: String,
    genre: String,
    replacement: String,
    span: Between,
}

#[derive(Deserialize)]
struct Between {
    start: Position,
    end: Position,
}

/// Lines and columns from 1.
#[derive(Deserialize)]
struct Position {
    line: usize,
    column: usize,
}

/// Where a mutant came to lie, in bytes of the new file.
#[derive(Serialize)]
struct Placed {
    file: String,
    number: usize,
    /// The text of this mutant alone.
    own: Range<usize>,
    /// What it shares with others of the same place: the question which of them runs.
    shared: Range<usize>,
}

/// Byte offsets of a text's lines.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The byte at a line from 1 and a column from 0, counted in characters.
    fn byte(&self, line: usize, column: usize) -> usize {
        let start = self.starts[line - 1];
        let within = self.text[start..].char_indices().nth(column);
        within.map_or(self.text.len(), |(at, _)| start + at)
    }

    fn at(&self, place: LineColumn) -> usize {
        self.byte(place.line, place.column)
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.at(span.start())..self.at(span.end())
    }

    fn between(&self, span: &Between) -> Range<usize> {
        self.byte(span.start.line, span.start.column - 1)
            ..self.byte(span.end.line, span.end.column - 1)
    }
}

/// What a mutant can be put into.
enum Kind {
    /// An expression: the mutant is a part of it that is written otherwise.
    Expression,
    /// Behind the brace that opens a function's body.
    Body,
    /// An arm's guard, or, where it has none, the place behind its pattern.
    Guard,
}

struct Site {
    kind: Kind,
    range: Range<usize>,
    mutants: Vec<usize>,
}

/// The places of one file that have mutants.
struct Finder<'t> {
    lines: &'t Lines<'t>,
    /// By genre and first byte.
    wanted: BTreeMap<(&'t str, usize), Vec<usize>>,
    /// Each with the byte behind its brace, where a statement can stand.
    bodies: Vec<(Range<usize>, usize)>,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn site(&mut self, kind: Kind, range: Range<usize>, wanted: &[(&'static str, usize)]) {
        let mut mutants = Vec::new();
        for key in wanted {
            mutants.extend(self.wanted.remove(key).unwrap_or_default());
        }
        if !mutants.is_empty() {
            self.sites.push(Site {
                kind,
                range,
                mutants,
            });
        }
    }

    fn operator(&mut self, genre: &'static str, operator: Span, expression: Span) {
        let wanted = (genre, self.lines.at(operator.start()));
        self.site(Kind::Expression, self.lines.range(expression), &[wanted]);
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let braces = block.brace_token.span;
        // A result without a name has one type, which is not that of another value.
        if !matches!(&signature.output, syn::ReturnType::Type(_, it) if matches!(**it, syn::Type::ImplTrait(_)))
        {
            self.bodies.push((
                self.lines.range(braces.join()),
                self.lines.at(braces.open().end()),
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, it: &'ast syn::ItemFn) {
        self.body(&it.sig, &it.block);
        visit::visit_item_fn(self, it);
    }

    fn visit_impl_item_fn(&mut self, it: &'ast syn::ImplItemFn) {
        self.body(&it.sig, &it.block);
        visit::visit_impl_item_fn(self, it);
    }

    fn visit_trait_item_fn(&mut self, it: &'ast syn::TraitItemFn) {
        if let Some(block) = &it.default {
            self.body(&it.sig, block);
        }
        visit::visit_trait_item_fn(self, it);
    }

    fn visit_expr_binary(&mut self, it: &'ast syn::ExprBinary) {
        // A chain with `let` has no copy that is an expression.
        struct Lets(bool);
        impl Visit<'_> for Lets {
            fn visit_expr_let(&mut self, _: &syn::ExprLet) {
                self.0 = true;
            }
            fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}
            fn visit_block(&mut self, _: &syn::Block) {}
        }
        let mut lets = Lets(false);
        lets.visit_expr_binary(it);
        if !lets.0 {
            self.operator("BinaryOperator", it.op.span(), it.span());
        }
        visit::visit_expr_binary(self, it);
    }

    fn visit_expr_unary(&mut self, it: &'ast syn::ExprUnary) {
        self.operator("UnaryOperator", it.op.span(), it.span());
        visit::visit_expr_unary(self, it);
    }

    fn visit_expr_struct(&mut self, it: &'ast syn::ExprStruct) {
        let fields: Vec<_> = it
            .fields
            .iter()
            .map(|field| ("StructField", self.lines.at(field.span().start())))
            .collect();
        self.site(Kind::Expression, self.lines.range(it.span()), &fields);
        visit::visit_expr_struct(self, it);
    }

    fn visit_arm(&mut self, it: &'ast syn::Arm) {
        let deleted = ("MatchArm", self.lines.at(it.span().start()));
        if let Some((_, guard)) = &it.guard {
            let range = self.lines.range(guard.span());
            let replaced = ("MatchArmGuard", range.start);
            self.site(Kind::Guard, range, &[replaced, deleted]);
        } else {
            let end = self.lines.at(it.pat.span().end());
            self.site(Kind::Guard, end..end, &[deleted]);
        }
        visit::visit_arm(self, it);
    }
}

/// Writes one file anew.
struct Writer<'t> {
    text: &'t str,
    /// In the order of their first bytes, of those with the same the longest first.
    sites: &'t [Site],
    /// The bytes of each mutant, and what stands there instead.
    changes: &'t BTreeMap<usize, (Range<usize>, &'t Mutant)>,
    out: String,
    placed: Vec<Placed>,
}

impl Writer<'_> {
    /// The text of `range` with what of the sites from the `next` one lies in it; the first site behind it.
    fn write(&mut self, range: Range<usize>, mut next: usize) -> usize {
        let mut from = range.start;
        while let Some(site) = self
            .sites
            .get(next)
            .filter(|site| site.range.start < range.end.max(range.start + 1))
        {
            self.out.push_str(&self.text[from..site.range.start]);
            from = site.range.end;
            next = self.site(site, next + 1);
        }
        self.out.push_str(&self.text[from..range.end]);
        next
    }

    fn site(&mut self, site: &Site, next: usize) -> usize {
        let group = site.mutants[0];
        let from = self.out.len();
        let first = self.placed.len();
        let question = format!("crate::switches::at({group})");
        let next = match site.kind {
            Kind::Expression => {
                let _ = write!(self.out, "(match {question} {{ ");
                for &number in &site.mutants {
                    let (change, mutant) = &self.changes[&number];
                    let before = &self.text[site.range.start..change.start];
                    let behind = &self.text[change.end..site.range.end];
                    let text = if mutant.genre == "StructField" {
                        // The comma of the field goes with it.
                        let behind = behind.trim_start();
                        format!("{before}{}", behind.strip_prefix(',').unwrap_or(behind))
                    } else {
                        format!("{before}{}{behind}", mutant.replacement)
                    };
                    let _ = write!(self.out, "{number} => (");
                    self.own(number, &text);
                    self.out.push_str("), ");
                }
                self.out.push_str("_ => (");
                let next = self.write(site.range.clone(), next);
                self.out.push_str(") })");
                next
            }
            Kind::Body => {
                let _ = write!(self.out, " match {question} {{ ");
                for &number in &site.mutants {
                    let _ = write!(self.out, "{number} => return ");
                    self.own(number, &self.changes[&number].1.replacement);
                    self.out.push_str(", ");
                }
                self.out.push_str("_ => {} } ");
                next
            }
            Kind::Guard => {
                let bare = site.range.is_empty();
                self.out
                    .push_str(if bare { " if match " } else { "match " });
                self.out.push_str(&question);
                self.out.push_str(" { ");
                for &number in &site.mutants {
                    let mutant = self.changes[&number].1;
                    let _ = write!(self.out, "{number} => ");
                    self.own(
                        number,
                        if mutant.genre == "MatchArm" {
                            "false"
                        } else {
                            &mutant.replacement
                        },
                    );
                    self.out.push_str(", ");
                }
                self.out.push_str("_ => ");
                let next = if bare {
                    self.out.push_str("true");
                    next
                } else {
                    self.write(site.range.clone(), next)
                };
                self.out.push_str(" }");
                next
            }
        };
        let to = self.out.len();
        for placed in &mut self.placed[first..] {
            if placed.shared.is_empty() {
                placed.shared = from..to;
            }
        }
        next
    }

    fn own(&mut self, number: usize, text: &str) {
        let from = self.out.len();
        self.out.push_str(text);
        self.placed.push(Placed {
            file: String::new(),
            number,
            own: from..self.out.len(),
            shared: 0..0,
        });
    }
}

fn switched(
    text: &str,
    mutants: &BTreeMap<usize, &Mutant>,
) -> Result<(String, Vec<Placed>), syn::Error> {
    let lines = Lines::new(text);
    let changes: BTreeMap<_, _> = mutants
        .iter()
        .map(|(&number, &mutant)| (number, (lines.between(&mutant.span), mutant)))
        .collect();
    let mut wanted = BTreeMap::<_, Vec<usize>>::new();
    for (&number, (range, mutant)) in &changes {
        wanted
            .entry((mutant.genre.as_str(), range.start))
            .or_default()
            .push(number);
    }
    let mut finder = Finder {
        lines: &lines,
        wanted,
        bodies: Vec::new(),
        sites: Vec::new(),
    };
    finder.visit_file(&syn::parse_file(text)?);

    // A value for a function belongs to the innermost body around it.
    for (_, numbers) in finder
        .wanted
        .iter()
        .filter(|((genre, _), _)| *genre == "FnValue")
    {
        let range = &changes[&numbers[0]].0;
        let around = finder
            .bodies
            .iter()
            .filter(|(body, _)| body.start < range.start && range.end < body.end);
        if let Some((_, start)) = around.min_by_key(|(body, _)| body.len()) {
            finder.sites.push(Site {
                kind: Kind::Body,
                range: *start..*start,
                mutants: numbers.clone(),
            });
        }
    }
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.range.start, usize::MAX - site.range.end));
    let mut writer = Writer {
        text,
        sites: &sites,
        changes: &changes,
        out: String::new(),
        placed: Vec::new(),
    };
    writer.write(0..text.len(), 0);
    Ok((writer.out, writer.placed))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, from, to, mutants, left_out] = arguments.as_slice() else {
        return Err("usage: switches FROM TO MUTANTS LEFT_OUT".into());
    };
    let mutants: Vec<Mutant> = serde_json::from_str(&fs::read_to_string(mutants)?)?;
    let left_out: HashSet<usize> = serde_json::from_str(&fs::read_to_string(left_out)?)?;

    let mut files = BTreeMap::<&str, BTreeMap<usize, &Mutant>>::new();
    for (number, mutant) in (1..).zip(&mutants) {
        let of_file = files.entry(&mutant.file).or_default();
        if !left_out.contains(&number) {
            of_file.insert(number, mutant);
        }
    }
    let mut all = Vec::new();
    for (file, mutants) in files {
        let text = fs::read_to_string(Path::new(from).join(file))?;
        let (text, placed) =
            switched(&text, &mutants).map_err(|error| format!("{file}: {error}"))?;
        fs::write(Path::new(to).join(file), text)?;
        all.extend(placed.into_iter().map(|it| Placed {
            file: file.into(),
            ..it
        }));
    }
    println!("{}", serde_json::to_string(&all)?);
    Ok(())
}
