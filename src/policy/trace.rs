//! Which rule said what.

use core::fmt;

use super::{Outcome, Refusal, Verdict};

/// What one rule said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The name of the rule.
    pub rule: &'static str,
    /// What it said.
    pub outcome: Outcome,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.outcome)
    }
}

/// What takes the steps of a decision: [`Steps`], an [`AuditLine`], or a type of your own.
pub trait Record {
    /// A rule has spoken.
    fn step(&mut self, step: Step);

    /// The decision has been made.
    fn end(&mut self, decision: Result<(), Refusal>) {
        let _ = decision;
    }
}

/// The way of the steps to a [`Record`], or to nowhere.
///
/// Going nowhere is free where the compiler sees the policy, and one predictable branch a rule
/// where it does not.
pub struct Trace<'t>(Option<&'t mut dyn Record>);

impl<'t> Trace<'t> {
    /// To nowhere.
    #[must_use]
    pub const fn off() -> Self {
        Self(None)
    }

    /// To `record`.
    pub const fn to(record: &'t mut dyn Record) -> Self {
        Self(Some(record))
    }

    /// Says that the rule `rule` said `verdict`. Only a policy of your own needs this.
    #[inline]
    pub fn note(&mut self, rule: &'static str, verdict: Verdict) {
        if let Some(record) = &mut self.0 {
            record.step(Step {
                rule,
                outcome: verdict.outcome(),
            });
        }
    }

    #[inline]
    pub(super) fn end(&mut self, decision: Result<(), Refusal>) {
        if let Some(record) = &mut self.0 {
            record.end(decision);
        }
    }
}

impl fmt::Debug for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Trace(on)"
        } else {
            "Trace(off)"
        })
    }
}

/// The first `N` steps of a decision, and how it ended.
///
/// Steps beyond `N` are counted, not kept. One decision each: a second one goes behind the first.
///
/// ```
/// use hardtack::identity::Anonymous;
/// use hardtack::policy::{
///     Allow, Always, Deny, DenyOverrides, Not, Outcome, Policy, Steps, authorize_traced,
/// };
/// use hardtack::time::UnixTime;
///
/// static READ: &dyn Policy<(), ()> =
///     &DenyOverrides((Deny("closed", Not(Always)), Allow("public", Always)));
///
/// let mut steps = Steps::<4>::new();
/// assert!(authorize_traced(READ, (), &Anonymous, &mut steps, UnixTime::EPOCH).is_ok());
/// assert_eq!(steps.to_string(), "closed: not applicable; public: allow; granted");
/// assert_eq!(steps.iter().last().unwrap().outcome, Outcome::Allow);
/// ```
#[derive(Clone, Debug)]
pub struct Steps<const N: usize> {
    kept: [Step; N],
    count: usize,
    end: Option<Result<(), Refusal>>,
}

impl<const N: usize> Steps<N> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        const BLANK: Step = Step {
            rule: "",
            outcome: Outcome::NotApplicable,
        };
        Self {
            kept: [BLANK; N],
            count: 0,
            end: None,
        }
    }

    /// The steps that were kept, in order.
    pub fn iter(&self) -> impl Iterator<Item = Step> {
        self.kept.iter().take(self.count).copied()
    }

    /// How many steps found no room.
    #[must_use]
    pub const fn missed(&self) -> usize {
        self.count.saturating_sub(N)
    }

    /// How the decision ended, once it has.
    #[must_use]
    pub const fn decision(&self) -> Option<Result<(), Refusal>> {
        self.end
    }
}

impl<const N: usize> Default for Steps<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Record for Steps<N> {
    fn step(&mut self, step: Step) {
        if let Some(slot) = self.kept.get_mut(self.count) {
            *slot = step;
        }
        self.count = self.count.saturating_add(1);
    }

    fn end(&mut self, decision: Result<(), Refusal>) {
        self.end = Some(decision);
    }
}

/// As an [`AuditLine`] writes it.
impl<const N: usize> fmt::Display for Steps<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = AuditLine::new(f);
        self.iter().for_each(|step| line.step(step));
        if self.missed() > 0 {
            line.item(format_args!("{} more", self.missed()));
        }
        if let Some(decision) = self.end {
            line.end(decision);
        }
        line.finish()
    }
}

/// Writes a decision as it is made, on one line:
/// `suspended: not applicable; own order: allow; granted`.
///
/// What time it was, who asked and for what is the caller's to write before it. The line ends
/// without a newline.
///
/// ```
/// use hardtack::identity::Anonymous;
/// use hardtack::policy::{Allow, AuditLine, LoggedIn, Policy, authorize_traced};
/// use hardtack::time::UnixTime;
///
/// static LIST: &dyn Policy<(), ()> = &Allow("member", LoggedIn);
///
/// let mut log = String::from("orders.list ");
/// let mut line = AuditLine::new(&mut log);
/// assert!(authorize_traced(LIST, (), &Anonymous, &mut line, UnixTime::EPOCH).is_err());
/// line.finish()?;
/// assert_eq!(log, "orders.list member: not applicable; refused 401: a login is needed");
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Debug)]
pub struct AuditLine<'w, W: ?Sized> {
    to: &'w mut W,
    empty: bool,
    result: fmt::Result,
}

impl<'w, W: fmt::Write + ?Sized> AuditLine<'w, W> {
    /// A line that is written to `to`.
    pub const fn new(to: &'w mut W) -> Self {
        Self {
            to,
            empty: true,
            result: Ok(()),
        }
    }

    /// Whether all of the line was written.
    ///
    /// # Errors
    ///
    /// What the writer reported first; nothing was written after that.
    pub const fn finish(self) -> fmt::Result {
        self.result
    }

    fn item(&mut self, text: fmt::Arguments<'_>) {
        if self.result.is_err() {
            return;
        }
        let separator = if self.empty { "" } else { "; " };
        self.empty = false;
        self.result = write!(self.to, "{separator}{text}");
    }
}

impl<W: fmt::Write + ?Sized> Record for AuditLine<'_, W> {
    fn step(&mut self, step: Step) {
        self.item(format_args!("{step}"));
    }

    fn end(&mut self, decision: Result<(), Refusal>) {
        match decision {
            Ok(()) => self.item(format_args!("granted")),
            Err(refusal) => {
                self.item(format_args!("refused {}: {refusal}", refusal.status()));
            }
        }
    }
}
