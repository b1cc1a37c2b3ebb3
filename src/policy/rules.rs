//! The ready rules.

use core::time::Duration;

use crate::identity::{Assurance, Authenticated, Factors};
use crate::scope::Scope;
use crate::time::UnixTime;

use super::{Answer, Ask, Refusal, Rule, StepUp};

/// Holds always, for nobody too.
#[derive(Clone, Copy, Debug)]
pub struct Always;

impl<A, P> Rule<A, P> for Always {
    #[inline]
    fn check(&self, _: &Ask<'_, A, P>) -> Answer {
        Answer::Yes
    }
}

/// Holds for whoever is logged in. For nobody it does not, and wants a login.
#[derive(Clone, Copy, Debug)]
pub struct LoggedIn;

impl<A, P> Rule<A, P> for LoggedIn {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |_| Answer::Yes)
    }
}

/// Holds if a question about the principal is answered yes: `Who(User::is_staff)`. Never for
/// nobody.
///
/// The function takes `&P` and gives `bool`, `Result<bool, E>` or an [`Answer`].
#[derive(Clone, Copy, Debug)]
pub struct Who<F>(pub F);

impl<A, P, F, O> Rule<A, P> for Who<F>
where
    F: Fn(&P) -> O + Sync,
    O: Into<Answer>,
{
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| (self.0)(who.principal()).into())
    }
}

/// Holds if a question about the action is answered yes: `What(Transfer::is_small)`. For nobody
/// too.
///
/// The function takes `&A` and gives `bool`, `Result<bool, E>` or an [`Answer`].
#[derive(Clone, Copy, Debug)]
pub struct What<F>(pub F);

impl<A, P, F, O> Rule<A, P> for What<F>
where
    F: Fn(&A) -> O + Sync,
    O: Into<Answer>,
{
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        (self.0)(ask.action()).into()
    }
}

/// Holds if what is acted on belongs to the principal, or any other question about both is
/// answered yes: `Owner(Order::belongs_to)`. Never for nobody.
///
/// The function takes `&A` and `&P` and gives `bool`, `Result<bool, E>` or an [`Answer`].
#[derive(Clone, Copy, Debug)]
pub struct Owner<F>(pub F);

impl<A, P, F, O> Rule<A, P> for Owner<F>
where
    F: Fn(&A, &P) -> O + Sync,
    O: Into<Answer>,
{
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| (self.0)(ask.action(), who.principal()).into())
    }
}

/// Who is what to what, where that has to be looked up: ada is an `editor` of page 7.
pub trait Relations<A, P>: Sync {
    /// Why a look-up failed.
    type Error;

    /// Whether `principal` is `relation` to what `action` acts on.
    ///
    /// # Errors
    ///
    /// What kept the look-up from being made. The rule is then neither yes nor no
    /// ([`Answer::Unknown`]); the error itself goes no further, so note it here if it matters.
    fn related(
        &self,
        principal: &P,
        relation: &'static str,
        action: &A,
    ) -> Result<bool, Self::Error>;
}

impl<A, P, T: Relations<A, P> + ?Sized> Relations<A, P> for &T {
    type Error = T::Error;

    fn related(
        &self,
        principal: &P,
        relation: &'static str,
        action: &A,
    ) -> Result<bool, Self::Error> {
        (**self).related(principal, relation, action)
    }
}

/// Holds if the principal stands in a relation to what is acted on: `Related("editor", &STORE)`.
/// Never for nobody, about whom nothing is looked up.
///
/// ```
/// use hardtack::policy::{Allow, Policy, Related, Relations};
///
/// struct Edit { page: u32 }
/// struct Down;
/// struct Editors(&'static [(u32, u32)]);
///
/// impl Relations<Edit, u32> for Editors {
///     type Error = Down;
///
///     fn related(&self, user: &u32, relation: &'static str, edit: &Edit) -> Result<bool, Down> {
///         match relation {
///             "editor" => Ok(self.0.contains(&(edit.page, *user))),
///             _ => Err(Down),
///         }
///     }
/// }
///
/// static EDIT: &dyn Policy<Edit, u32> = &Allow("editor", Related("editor", Editors(&[(7, 1)])));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Related<S>(pub &'static str, pub S);

impl<A, P, S: Relations<A, P>> Rule<A, P> for Related<S> {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            self.1.related(who.principal(), self.0, ask.action()).into()
        })
    }
}

/// A principal that comes with the scope of a token.
pub trait HasScope {
    /// What was granted; [`Scope::NONE`] without a token.
    fn scope(&self) -> Scope<'_>;
}

/// Holds if the principal was granted every token of this scope; otherwise the client is told
/// (RFC 6750 §3.1). Of [`Scope::NONE`], which has none, it holds for whoever is logged in.
///
/// ```
/// use hardtack::policy::{Allow, HasScope, InScope, Policy};
/// use hardtack::scope::Scope;
///
/// struct Claims { scope: String }
///
/// impl HasScope for Claims {
///     fn scope(&self) -> Scope<'_> {
///         Scope::parse(&self.scope).unwrap_or(Scope::NONE)
///     }
/// }
///
/// const ORDERS: Scope<'_> = match Scope::parse("orders:read") {
///     Ok(scope) => scope,
///     Err(_) => panic!("not a scope"),
/// };
/// static LIST: &dyn Policy<(), Claims> = &Allow("scope", InScope(ORDERS));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct InScope(pub Scope<'static>);

impl<A, P: HasScope> Rule<A, P> for InScope {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            if self.0.is_subset_of(who.principal().scope()) {
                Answer::Yes
            } else {
                Answer::No(Refusal::MissingScope(self.0))
            }
        })
    }
}

/// Holds if the principal has logged in within this time; otherwise a new login is asked for
/// (RFC 9470).
///
/// A login further in the *future* than this time does not count either: clocks may differ, but a
/// clock that was set back must not keep a login fresh for years.
#[derive(Clone, Copy, Debug)]
pub struct MaxAge(pub Duration);

impl<A, P> Rule<A, P> for MaxAge {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            let ahead = who.authenticated_at().saturating_since(ask.now());
            if who.age(ask.now()) <= self.0 && ahead <= self.0 {
                Answer::Yes
            } else {
                step_up(StepUp::new().within(self.0))
            }
        })
    }
}

/// Holds if all of these factors were used; otherwise a new login is asked for. The challenge
/// cannot name a factor: RFC 9470 knows levels. Of [`Factors::NONE`] it holds for whoever is
/// logged in.
#[derive(Clone, Copy, Debug)]
pub struct Factor(pub Factors);

impl<A, P> Rule<A, P> for Factor {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            if who.evidence().factors().contains(self.0) {
                Answer::Yes
            } else {
                step_up(StepUp::new())
            }
        })
    }
}

/// Holds if two factors of different kinds were used ([`Factors::is_multi_factor`]); otherwise a
/// login of level [`Aal2`](Assurance::Aal2) is asked for, which is what two factors are.
#[derive(Clone, Copy, Debug)]
pub struct MultiFactor;

impl<A, P> Rule<A, P> for MultiFactor {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            if who.evidence().factors().is_multi_factor() {
                Answer::Yes
            } else {
                step_up(StepUp::new().level(Assurance::Aal2))
            }
        })
    }
}

/// Holds if the login was of at least this level; otherwise one is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Level(pub Assurance);

impl<A, P> Rule<A, P> for Level {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            if who.evidence().level() >= self.0 {
                Answer::Yes
            } else {
                step_up(StepUp::new().level(self.0))
            }
        })
    }
}

/// Holds from one moment up to another, that one not included.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first moment at which it holds.
    pub from: UnixTime,
    /// The first moment at which it no longer holds.
    pub until: UnixTime,
}

impl<A, P> Rule<A, P> for Window {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        (self.from <= ask.now() && ask.now() < self.until).into()
    }
}

/// Holds every day from one time of day up to another, that one not included.
///
/// Both are counted from midnight UTC; what goes beyond a day begins again. From 22 h until 6 h is
/// the night, and from 0 h until 24 h the whole day; from a time until the same time is never.
///
/// ```
/// use core::time::Duration;
/// use hardtack::policy::{Allow, Daily, Policy};
///
/// const HOUR: Duration = Duration::from_secs(3600);
/// static OPEN: &dyn Policy<(), ()> = &Allow("office hours", Daily {
///     from: HOUR.saturating_mul(8),
///     until: HOUR.saturating_mul(17),
/// });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Daily {
    /// The first moment of a day at which it holds.
    pub from: Duration,
    /// The first moment of a day at which it no longer holds.
    pub until: Duration,
}

impl<A, P> Rule<A, P> for Daily {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        let after_midnight = |span| second_of_day(UnixTime::EPOCH.saturating_add(span));
        let (from, until) = (after_midnight(self.from), after_midnight(self.until));
        let time = second_of_day(ask.now());
        // The same time of another day ends a whole day.
        let over_midnight =
            until < from || until == from && self.from.as_secs() < self.until.as_secs();
        if over_midnight {
            (from <= time || time < until).into()
        } else {
            (from <= time && time < until).into()
        }
    }
}

/// The seconds since the last midnight.
fn second_of_day(at: UnixTime) -> u32 {
    if size_of::<usize>() < size_of::<i64>() {
        return second_of_day_by_steps(at.as_secs());
    }
    u32::try_from(at.as_secs().rem_euclid(86_400)).unwrap_or_default()
}

/// [`second_of_day`] without a division of 64 bits, which is a loop where a machine word has less. A day is
/// 675 times 2⁷ seconds.
fn second_of_day_by_steps(secs: i64) -> u32 {
    let above = if secs < 0 { 674 } else { 0 };
    let bytes = (secs >> 7).to_be_bytes();
    let (pairs, _) = bytes.as_chunks();
    let rest = pairs.iter().fold(above, |rest, pair| {
        (rest << 16 | u32::from(u16::from_be_bytes(*pair))) % 675
    });
    rest << 7 | u32::from(secs.to_le_bytes()[0] & 0x7F)
}

/// What `holds` says of whoever is logged in; of nobody nothing holds.
#[inline]
pub(super) fn of_somebody<A, P>(
    ask: &Ask<'_, A, P>,
    holds: impl FnOnce(&Authenticated<&P>) -> Answer,
) -> Answer {
    ask.who().map_or(Answer::No(Refusal::LoginNeeded), holds)
}

const fn step_up(login: StepUp) -> Answer {
    Answer::No(Refusal::StepUp(login))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_a_day_is_the_same_by_steps() {
        let around = |secs: i64| [secs.saturating_sub(1), secs, secs.saturating_add(1)];
        let powers = (0..63).map(|bit| 1_i64 << bit);
        let days = (-3..=3).map(|day| day * 86_400);
        let all = powers
            .chain(days)
            .chain([i64::MAX, i64::MIN, 1_700_000_000]);
        for secs in all
            .flat_map(around)
            .flat_map(|secs| [secs, -secs.max(-i64::MAX)])
        {
            let expected = secs.rem_euclid(86_400);
            assert_eq!(i64::from(second_of_day_by_steps(secs)), expected, "{secs}");
            assert_eq!(
                second_of_day(UnixTime::from_secs(secs)),
                second_of_day_by_steps(secs)
            );
        }
    }
}
