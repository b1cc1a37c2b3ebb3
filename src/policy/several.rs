//! One to twelve members of a combinator: tuples, arrays and slices, never none.

use core::ops::ControlFlow;

use super::{Answer, Ask, Policy, Rule, Trace, Verdict};

/// Policies to combine: a tuple of one to twelve, an array `[T; N]` of at least one, or a
/// [`NonEmpty`] slice; the members of the latter two may be `&dyn Policy<A, P>`.
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
pub trait Policies<A, P>: Sync + sealed::Sealed {
    /// Asks one after another until `next` breaks.
    #[doc(hidden)]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(Verdict) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
}

/// Rules to combine: like [`Policies`].
pub trait Rules<A, P>: Sync + sealed::Sealed {
    /// Asks one after another until `next` breaks.
    #[doc(hidden)]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        next: &mut impl FnMut(Answer) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
}

mod sealed {
    #[allow(unnameable_types)]
    pub trait Sealed {}
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

impl<T> sealed::Sealed for NonEmpty<'_, T> {}

impl<A, P, T: Policy<A, P>> Policies<A, P> for NonEmpty<'_, T> {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(Verdict) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.0
            .iter()
            .try_for_each(|policy| next(policy.decide(ask, trace)))
    }
}

impl<A, P, T: Rule<A, P>> Rules<A, P> for NonEmpty<'_, T> {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        next: &mut impl FnMut(Answer) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.0.iter().try_for_each(|rule| next(rule.check(ask)))
    }
}

impl<T, const N: usize> sealed::Sealed for [T; N] {}

impl<A, P, T: Policy<A, P>, const N: usize> Policies<A, P> for [T; N] {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        trace: &mut Trace<'_>,
        next: &mut impl FnMut(Verdict) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        const { assert!(N > 0, "a combinator of nothing") };
        NonEmpty(self).each(ask, trace, next)
    }
}

impl<A, P, T: Rule<A, P>, const N: usize> Rules<A, P> for [T; N] {
    #[inline]
    fn each(
        &self,
        ask: &Ask<'_, A, P>,
        next: &mut impl FnMut(Answer) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        const { assert!(N > 0, "a combinator of nothing") };
        NonEmpty(self).each(ask, next)
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
        impl<$($member),*> sealed::Sealed for ($($member,)*) {}

        impl<A, P, $($member: Policy<A, P>),*> Policies<A, P> for ($($member,)*) {
            #[inline]
            fn each(
                &self,
                ask: &Ask<'_, A, P>,
                trace: &mut Trace<'_>,
                next: &mut impl FnMut(Verdict) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                $(next(self.$index.decide(ask, trace))?;)*
                ControlFlow::Continue(())
            }
        }

        impl<A, P, $($member: Rule<A, P>),*> Rules<A, P> for ($($member,)*) {
            #[inline]
            fn each(
                &self,
                ask: &Ask<'_, A, P>,
                next: &mut impl FnMut(Answer) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                $(next(self.$index.check(ask))?;)*
                ControlFlow::Continue(())
            }
        }
    };
}

tuples!(T0 0; T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10 T11 11);
