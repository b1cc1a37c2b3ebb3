use super::{Anonymous, Authenticated};

/// Whoever sent a request: somebody, or nobody known.
///
/// ```
/// use hardtack::identity::{Anonymous, Client};
/// use hardtack::policy::Refusal;
///
/// fn own_orders(client: &Client<u32>) -> Result<u32, Refusal> {
///     let user = client.authenticated()?; // nobody is refused: a login is needed
///     Ok(*user.principal())
/// }
///
/// assert_eq!(own_orders(&Client::Anonymous), Err(Refusal::LoginNeeded));
/// ```
#[derive(Debug)]
pub enum Client<P> {
    /// Nothing is known.
    Anonymous,
    /// It is established who it is.
    Authenticated(Authenticated<P>),
}

impl<P> Client<P> {
    /// Who it is.
    ///
    /// # Errors
    ///
    /// [`Anonymous`] if that is not known.
    pub const fn authenticated(&self) -> Result<&Authenticated<P>, Anonymous> {
        match self {
            Self::Anonymous => Err(Anonymous),
            Self::Authenticated(who) => Ok(who),
        }
    }
}

impl<P> From<Authenticated<P>> for Client<P> {
    fn from(who: Authenticated<P>) -> Self {
        Self::Authenticated(who)
    }
}

/// As a [session](crate::session::Session::identity) says who its user is.
impl<P> From<Result<Authenticated<P>, Anonymous>> for Client<P> {
    fn from(who: Result<Authenticated<P>, Anonymous>) -> Self {
        who.map_or(Self::Anonymous, Self::Authenticated)
    }
}

impl<P> From<Anonymous> for Client<P> {
    fn from(Anonymous: Anonymous) -> Self {
        Self::Anonymous
    }
}

/// What is known of whoever sent a request: [`Authenticated`], [`Anonymous`], or the one or the
/// other ([`Client`]); with a principal of its own, or one that is borrowed from a session. There
/// is nothing else.
///
/// It is a bound, not something to call: what it lends to a policy would be a second identity.
pub trait Identity<P> {
    #[doc(hidden)]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous>;
}

/// What only this crate can name and make: so nobody else implements [`Identity`], or calls it.
mod ours {
    #[allow(missing_debug_implementations, unnameable_types)]
    pub struct Ours(pub(crate) ());
}

pub(crate) use ours::Ours;

impl<P> Identity<P> for Authenticated<P> {
    #[inline]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous> {
        Ok(self.borrowed())
    }
}

impl<P> Identity<P> for Authenticated<&P> {
    #[inline]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous> {
        Ok(self.reborrowed())
    }
}

impl<P> Identity<P> for Client<P> {
    #[inline]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous> {
        self.authenticated().map(Authenticated::borrowed)
    }
}

impl<P> Identity<P> for Client<&P> {
    #[inline]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous> {
        self.authenticated().map(Authenticated::reborrowed)
    }
}

impl<P> Identity<P> for Anonymous {
    #[inline]
    fn identity(&self, _: Ours) -> Result<Authenticated<&P>, Anonymous> {
        Err(*self)
    }
}
