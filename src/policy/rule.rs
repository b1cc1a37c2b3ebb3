//! A rule answers a question; `Allow`, `Deny` and `Require` make a policy of it.

use core::ops::ControlFlow::{Break, Continue};

use super::{Ask, Policy, Refusal, Several, Trace, Verdict};

/// What a [`Rule`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold, and this is what stands in the client's way.
    ///
    /// Never for a look-up that failed, not even with [`Refusal::Unavailable`]: a [`Deny`] takes a
    /// no for a no, and does not deny.
    No(Refusal),
    /// It cannot be told: a look-up failed.
    Unknown,
}

/// `false` is a plain no, for which there is no remedy.
impl From<bool> for Answer {
    #[inline]
    fn from(holds: bool) -> Self {
        if holds {
            Self::Yes
        } else {
            Self::No(Refusal::Forbidden)
        }
    }
}

/// A failure is [`Answer::Unknown`], whatever failed.
impl<E> From<Result<bool, E>> for Answer {
    #[inline]
    fn from(found: Result<bool, E>) -> Self {
        found.map_or(Self::Unknown, Self::from)
    }
}

/// A question about a request that is answered yes or no: the condition of a policy.
///
/// A function or closure over the [`Ask`] is a rule: it gives `bool`, `Result<bool, E>` where
/// something may fail, or an [`Answer`]. The module lists the ready ones.
///
/// ```
/// use hardtack::policy::{Allow, Ask, Policy};
///
/// struct Download { bytes: u64 }
///
/// fn is_small<P>(ask: &Ask<'_, Download, P>) -> bool {
///     ask.action().bytes < 1_000_000
/// }
///
/// static DOWNLOAD: &dyn Policy<Download, ()> = &Allow("small", is_small);
/// ```
pub trait Rule<A, P>: Sync {
    /// Whether the rule holds for `ask`.
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer;
}

impl<A, P, F, O> Rule<A, P> for F
where
    F: Fn(&Ask<'_, A, P>) -> O + Sync,
    O: Into<Answer>,
{
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        self(ask).into()
    }
}

impl<A, P> Rule<A, P> for &dyn Rule<A, P> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        (**self).check(ask)
    }
}

/// Allows where the rule holds; has no opinion where it does not.
///
/// The name appears in a [`Trace`].
#[derive(Clone, Copy, Debug)]
pub struct Allow<R>(pub &'static str, pub R);

/// Denies where the rule holds, and nothing that the client does can help; has no opinion where
/// it does not hold.
///
/// What the rule would ask of the client is lost: `Deny("stale", Not(MaxAge(…)))` is a 403 and
/// asks for no fresh login. Say `Require("fresh", MaxAge(…))` where a login could help.
#[derive(Clone, Copy, Debug)]
pub struct Deny<R>(pub &'static str, pub R);

/// Denies where the rule does **not** hold, for the reason that the rule gives; has no opinion
/// where it holds.
///
/// `Require("fresh login", MaxAge(…))` beside an [`Allow`] in a
/// [`DenyOverrides`](super::DenyOverrides) tells the client to log in again.
#[derive(Clone, Copy, Debug)]
pub struct Require<R>(pub &'static str, pub R);

impl<A, P, R: Rule<A, P>> Policy<A, P> for Allow<R> {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        let verdict = match self.1.check(ask) {
            Answer::Yes => Verdict::ALLOW,
            Answer::No(reason) => Verdict::not_allowed(reason),
            Answer::Unknown => Verdict::MAYBE_ALLOW,
        };
        trace.note(self.0, verdict);
        verdict
    }
}

impl<A, P, R: Rule<A, P>> Policy<A, P> for Deny<R> {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        let verdict = match self.1.check(ask) {
            Answer::Yes => Verdict::deny(Refusal::Forbidden),
            Answer::No(_) => Verdict::NOT_APPLICABLE,
            Answer::Unknown => Verdict::MAYBE_DENY,
        };
        trace.note(self.0, verdict);
        verdict
    }
}

impl<A, P, R: Rule<A, P>> Policy<A, P> for Require<R> {
    #[inline]
    fn decide(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        let verdict = match self.1.check(ask) {
            Answer::Yes => Verdict::NOT_APPLICABLE,
            Answer::No(reason) => Verdict::deny(reason),
            Answer::Unknown => Verdict::MAYBE_DENY,
        };
        trace.note(self.0, verdict);
        verdict
    }
}

/// Holds if all of its rules hold (*and*).
///
/// They are asked in order, up to the first no against which the client can do nothing. Needs that
/// it can satisfy are put together ([`Refusal::and`]): one challenge asks for all of them. A no is
/// a no whatever failed beside it.
#[derive(Clone, Copy, Debug)]
pub struct All<T>(pub T);

/// Holds if any of its rules holds (*or*).
///
/// They are asked in order, up to the first yes. Without one the client is told of the need that
/// is easiest to satisfy ([`Refusal::or`]). A yes is a yes whatever failed beside it.
#[derive(Clone, Copy, Debug)]
pub struct Any<T>(pub T);

/// Holds if its rule does not. What failed stays failed.
///
/// # Security
///
/// Of nobody nothing holds, so `Not(Who(User::is_banned))` holds for an
/// [`Anonymous`](crate::identity::Anonymous) client. Where somebody is meant, put
/// [`LoggedIn`](super::LoggedIn) beside it, or write `Deny("banned", Who(User::is_banned))`.
#[derive(Clone, Copy, Debug)]
pub struct Not<R>(pub R);

impl<A, P, T: Several<Answer, A, P>> Rule<A, P> for All<T> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        let mut unknown = false;
        let mut refusal: Option<Refusal> = None;
        let _ = self.0.each(ask, &mut Trace::off(), &mut |answer| {
            match answer {
                Answer::Yes => {}
                Answer::Unknown => unknown = true,
                Answer::No(reason) => {
                    refusal = Some(refusal.map_or(reason, |known| known.and(reason)));
                    if matches!(reason, Refusal::Forbidden | Refusal::Hidden) {
                        return Break(());
                    }
                }
            }
            Continue(())
        });
        match refusal {
            Some(reason) => Answer::No(reason),
            None if unknown => Answer::Unknown,
            None => Answer::Yes,
        }
    }
}

impl<A, P, T: Several<Answer, A, P>> Rule<A, P> for Any<T> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        let mut unknown = false;
        let mut refusal: Option<Refusal> = None;
        let flow = self.0.each(ask, &mut Trace::off(), &mut |answer| {
            match answer {
                Answer::Yes => return Break(()),
                Answer::Unknown => unknown = true,
                Answer::No(reason) => {
                    refusal = Some(refusal.map_or(reason, |known| known.or(reason)));
                }
            }
            Continue(())
        });
        match (flow, refusal) {
            (Break(()), _) => Answer::Yes,
            (Continue(()), Some(reason)) if !unknown => Answer::No(reason),
            (Continue(()), _) => Answer::Unknown,
        }
    }
}

impl<A, P, R: Rule<A, P>> Rule<A, P> for Not<R> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        match self.0.check(ask) {
            Answer::Yes => Answer::No(Refusal::Forbidden),
            Answer::No(_) => Answer::Yes,
            Answer::Unknown => Answer::Unknown,
        }
    }
}
