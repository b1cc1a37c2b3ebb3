//! One to twelve members of a combinator: tuples, arrays and slices, never none.

use core::ops::ControlFlow;

use super::{Answer, Ask, Policy, Rule, Trace, Verdict};
use sealed::{Says, Sealed};

/// Policies to combine (`S` is [`Verdict`]) or rules ([`Answer`]): a tuple of one to twelve, an
/// array `[T; N]` of at least one, or a [`NonEmpty`] slice; the members of the latter two may be
/// `&dyn Policy<A, P>` or `&dyn Rule<A, P>`.
///
/// There is no empty form: a combinator of nothing would allow or refuse by accident.
///
/// ```compile_fail
/// # use hardtack::policy::{DenyOverrides, Policy};
/// static NOTHING: &dyn Policy<(), ()> = &DenyOverrides(());
/// ```
///
/// ```compile_fail
/// # use hardtack::policy::{DenyOverrides, Policy};
/// const NONE: [&dyn Policy<(), ()>; 0] = [];
/// static NOTHING: &dyn Policy<(), ()> = &DenyOverrides(NONE);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one to twelve policies or rules",
    label = "not a tuple, array or `NonEmpty` slice of policies or of rules for this action and user"
)]
pub trait Several<S, A, P>: Sync + Sealed {
    /// Asks one after another until `next` breaks.
    #[doc(hidden)]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(S) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
}

mod sealed {
    #[allow(unnameable_types)]
    pub trait Sealed {}

    /// What a member says: a policy a verdict, a rule an answer.
    #[allow(unnameable_types)]
    pub trait Says<S, A, P> {
        fn say(&self, ask: &super::Ask<'_, A, P>, trace: &mut super::Trace<'_>) -> S;
    }
}

impl<A, P, T: Policy<A, P>> Says<Verdict, A, P> for T {
    #[inline]
    fn say(&self, ask: &Ask<'_, A, P>, trace: &mut Trace<'_>) -> Verdict {
        self.decide(ask, trace)
    }
}

impl<A, P, T: Rule<A, P>> Says<Answer, A, P> for T {
    #[inline]
    fn say(&self, ask: &Ask<'_, A, P>, _: &mut Trace<'_>) -> Answer {
        self.check(ask)
    }
}

/// A slice with something in it: members of a combinator whose number is known at run time.
///
/// ```
/// use hardtack::policy::{Allow, Always, DenyOverrides, NonEmpty, Policy};
///
/// static PUBLIC: &dyn Policy<(), ()> = &Allow("public", Always);
/// let loaded = [PUBLIC, PUBLIC];
/// let policy = DenyOverrides(NonEmpty::new(&loaded).expect("at least one policy"));
/// # let _: &dyn Policy<(), ()> = &policy;
/// assert!(NonEmpty::<u8>::new(&[]).is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NonEmpty<'a, T>(&'a [T]);

impl<'a, T> NonEmpty<'a, T> {
    /// `members`, or nothing if there are none.
    #[must_use]
    pub const fn new(members: &'a [T]) -> Option<Self> {
        if members.is_empty() {
            None
        } else {
            Some(Self(members))
        }
    }
}

impl<T> Sealed for NonEmpty<'_, T> {}

impl<S, A, P, T: Says<S, A, P> + Sync> Several<S, A, P> for NonEmpty<'_, T> {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(S) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.0
            .iter()
            .try_for_each(|member| next(member.say(ask, trace)))
    }
}

impl<T, const N: usize> Sealed for [T; N] {}

impl<S, A, P, T: Says<S, A, P> + Sync, const N: usize> Several<S, A, P> for [T; N] {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(S) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        const { assert!(N > 0, "a combinator of nothing") };
        NonEmpty(self).each(ask, trace, next)
    }
}

macro_rules! tuples {
    ($($member:ident $index:tt)*; ) => {
        tuples!(@ $($member $index)*);
    };
    ($($member:ident $index:tt)*; $next:ident $at:tt $($rest:tt)*) => {
        tuples!(@ $($member $index)*);
        tuples!($($member $index)* $next $at; $($rest)*);
    };
    (@ $($member:ident $index:tt)*) => {
        impl<$($member),*> Sealed for ($($member,)*) {}

        impl<S, A, P, $($member: Says<S, A, P> + Sync),*> Several<S, A, P> for ($($member,)*) {
            #[inline]
            fn each(
                &self,
                ask: &Ask<'_, A, P>,
                trace: &mut Trace<'_>,
                next: &mut impl FnMut(S) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                $(next(self.$index.say(ask, trace))?;)*
                ControlFlow::Continue(())
            }
        }
    };
}

tuples!(T0 0; T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10 T11 11);
