//! Roles and permissions: sets of bits that a program names itself.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::rules::of_somebody;
use super::{Answer, Ask, Rule};

macro_rules! bit_set {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// None.
            pub const NONE: Self = Self(0);

            /// The one of bit `BIT`, 0 to 63. Any other does not compile.
            #[must_use]
            pub const fn bit<const BIT: u32>() -> Self {
                const { assert!(BIT < u64::BITS, "there are 64 bits, 0 to 63") };
                Self(1 << BIT)
            }

            /// Those of both sets.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Those of this set that are not in the other.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether all of `other` are here.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether there are none.
            #[must_use]
            pub const fn is_none(self) -> bool {
                self.0 == 0
            }

            /// The set as bits, for storing.
            #[must_use]
            pub const fn bits(self) -> u64 {
                self.0
            }

            /// The set of these bits.
            #[must_use]
            pub const fn from_bits(bits: u64) -> Self {
                Self(bits)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:#b})"), self.0)
            }
        }
    };
}

bit_set! {
    /// A set of up to 64 roles, in one word.
    ///
    /// A role inherits another by holding its bit: whoever is a manager is then a clerk, too.
    ///
    /// ```
    /// use hardtack::policy::{Permissions, Roles};
    ///
    /// const CLERK: Roles = Roles::bit::<0>();
    /// const AUDITOR: Roles = Roles::bit::<1>();
    /// const MANAGER: Roles = Roles::bit::<2>().with(CLERK); // inherits
    ///
    /// assert!(MANAGER.contains(CLERK));
    /// assert!(!MANAGER.contains(AUDITOR));
    ///
    /// const READ: Permissions = Permissions::bit::<0>();
    /// const REFUND: Permissions = Permissions::bit::<1>();
    /// const GRANTS: &[(Roles, Permissions)] = &[(CLERK, READ), (MANAGER, REFUND)];
    ///
    /// const OF_A_MANAGER: Permissions = MANAGER.permissions(GRANTS);
    /// assert_eq!(OF_A_MANAGER, READ.with(REFUND));
    /// assert_eq!(CLERK.permissions(GRANTS), READ);
    /// ```
    ///
    /// ```compile_fail
    /// use hardtack::policy::Roles;
    /// let beyond = Roles::bit::<64>();
    /// ```
    Roles
}

bit_set! {
    /// A set of up to 64 permissions, in one word. See [`Roles`].
    Permissions
}

impl Roles {
    /// The permissions that `grants` gives to these roles: those of each entry whose roles are all
    /// held. An entry for [`NONE`](Self::NONE) is for everybody.
    #[must_use]
    pub const fn permissions(self, mut grants: &[(Self, Permissions)]) -> Permissions {
        let mut permissions = Permissions::NONE;
        while let [(roles, granted), rest @ ..] = grants {
            if self.contains(*roles) {
                permissions = permissions.with(*granted);
            }
            grants = rest;
        }
        permissions
    }
}

/// A principal that has roles.
pub trait HasRoles {
    /// All of its roles.
    fn roles(&self) -> Roles;
}

/// A principal that has permissions.
pub trait HasPermissions {
    /// All of its permissions.
    fn permissions(&self) -> Permissions;
}

/// Holds if the principal has all of these roles: `Role(CLERK)`. Never for nobody; of
/// [`Roles::NONE`] for whoever is logged in.
#[derive(Clone, Copy, Debug)]
pub struct Role(pub Roles);

impl<A, P: HasRoles> Rule<A, P> for Role {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| who.principal().roles().contains(self.0).into())
    }
}

/// Holds if the principal has all of these permissions: `Permission(REFUND)`. Never for nobody;
/// of [`Permissions::NONE`] for whoever is logged in.
#[derive(Clone, Copy, Debug)]
pub struct Permission(pub Permissions);

impl<A, P: HasPermissions> Rule<A, P> for Permission {
    #[inline]
    fn check(&self, ask: &Ask<'_, A, P>) -> Answer {
        of_somebody(ask, |who| {
            who.principal().permissions().contains(self.0).into()
        })
    }
}
