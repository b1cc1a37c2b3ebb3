//! Sessions as one would write them down on a page: a list, and a loop for every question.

use std::collections::BTreeMap;

use hardtack::session::{Error, PerUser};

/// The rules of the model, in seconds.
pub(crate) const SKEW: i64 = 60;
pub(crate) const USER: (i64, i64) = (100, 300);
pub(crate) const ANONYMOUS: (i64, i64) = (60, 150);
pub(crate) const TOUCH_AFTER: i64 = 20;
pub(crate) const ROTATE_AFTER: i64 = 50;
pub(crate) const OVERLAP: i64 = 10;

/// A secret by its number.
pub(crate) type Id = u16;

/// What the random source does next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entropy {
    /// It gives the secret of this number, which may have been given before.
    Gives(Id),
    Fails,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Session {
    pub(crate) id: Id,
    pub(crate) former: Option<(Id, i64)>,
    pub(crate) begun: i64,
    pub(crate) used: i64,
    pub(crate) renewed: i64,
    pub(crate) user: Option<u8>,
    pub(crate) data: u32,
    /// When it was last put behind all other anonymous sessions.
    pub(crate) queued: u64,
}

impl Session {
    pub(crate) fn ends_at(&self) -> i64 {
        let (idle, absolute) = if self.user.is_some() { USER } else { ANONYMOUS };
        (self.begun + absolute).min(self.used + idle)
    }

    pub(crate) fn lives(&self, now: i64) -> bool {
        self.used <= now + SKEW && now.max(self.used) < self.ends_at()
    }

    fn opens(&self, id: Id, now: i64) -> bool {
        let former = |(former, until)| former == id && now.max(self.used) < until;
        self.id == id || self.former.is_some_and(former)
    }

    pub(crate) fn touch_due(&self, now: i64) -> bool {
        now - self.used >= TOUCH_AFTER
    }

    pub(crate) fn rotation_due(&self, id: Id, now: i64) -> bool {
        self.id == id && now.max(self.used) - self.renewed >= ROTATE_AFTER
    }
}

pub(crate) struct Model {
    pub(crate) room: usize,
    pub(crate) per_user: PerUser,
    pub(crate) sessions: Vec<Session>,
    pub(crate) latest: i64,
    queued: u64,
    /// Which of two secrets has the smaller handle, to settle ties as the store does.
    pub(crate) order: BTreeMap<Id, [u8; 32]>,
}

impl Model {
    pub(crate) fn new(room: usize, per_user: PerUser) -> Self {
        Self {
            room,
            per_user,
            sessions: Vec::new(),
            latest: i64::MIN,
            queued: 0,
            order: BTreeMap::new(),
        }
    }

    pub(crate) fn clock(&mut self, now: i64) -> i64 {
        if now >= self.latest {
            self.latest = now;
        } else if self.latest - now > SKEW {
            let latest = self.latest;
            self.purge(latest);
            self.latest = now;
            self.purge(now);
            for session in &mut self.sessions {
                session.former = session.former.map(|(id, _)| (id, i64::MIN));
            }
        }
        self.latest
    }

    fn purge(&mut self, now: i64) {
        self.sessions.retain(|session| session.lives(now));
    }

    pub(crate) fn find(&mut self, id: Id, now: i64) -> Result<&mut Session, Error> {
        let mut sessions = self.sessions.iter_mut();
        sessions
            .find(|session| session.lives(now) && session.opens(id, now))
            .ok_or(Error::Gone)
    }

    fn fresh(&self, entropy: Entropy) -> Result<Id, Error> {
        let Entropy::Gives(id) = entropy else {
            return Err(Error::NoEntropy);
        };
        let taken = |session: &Session| {
            session.id == id || session.former.is_some_and(|(former, _)| former == id)
        };
        if self.sessions.iter().any(taken) {
            return Err(Error::NoEntropy);
        }
        Ok(id)
    }

    fn queue(&mut self) -> u64 {
        self.queued += 1;
        self.queued
    }

    fn remove(&mut self, id: Id) {
        self.sessions.retain(|session| session.id != id);
    }

    /// The user's oldest live session but one, and how many there are.
    fn oldest(&self, user: u8, but: Option<Id>, now: i64) -> (usize, Option<Id>) {
        let own = || {
            self.sessions.iter().filter(move |session| {
                session.user == Some(user) && Some(session.id) != but && session.lives(now)
            })
        };
        let oldest =
            own().min_by_key(|session| (session.begun, session.used, self.order.get(&session.id)));
        (own().count(), oldest.map(|session| session.id))
    }

    fn over_limit(&self, user: u8, but: Option<Id>, now: i64) -> Result<Option<Id>, Error> {
        let (count, oldest) = self.oldest(user, but, now);
        match self.per_user {
            PerUser::Refuse(limit) if count >= limit => Err(Error::UserLimit),
            PerUser::EndOldest(limit) if count >= limit => oldest.map(Some).ok_or(Error::UserLimit),
            _ => Ok(None),
        }
    }

    fn make_room(&mut self, user: Option<u8>, now: i64) -> Result<(), Error> {
        if self.sessions.len() >= self.room {
            self.purge(now);
        }
        if self.sessions.len() < self.room {
            return Ok(());
        }
        let anonymous = self
            .sessions
            .iter()
            .filter(|session| session.user.is_none());
        let unused = anonymous.min_by_key(|session| session.queued);
        let own = match (user, self.per_user) {
            (Some(user), PerUser::EndOldest(_)) => self.oldest(user, None, now).1,
            _ => None,
        };
        let ended = unused
            .map(|session| session.id)
            .or(own)
            .ok_or(Error::Full)?;
        self.remove(ended);
        Ok(())
    }

    pub(crate) fn open(&mut self, data: u32, entropy: Entropy, now: i64) -> Result<Id, Error> {
        let id = self.fresh(entropy)?;
        self.make_room(None, now)?;
        let queued = self.queue();
        self.sessions.push(Session {
            id,
            former: None,
            begun: now,
            used: now,
            renewed: now,
            user: None,
            data,
            queued,
        });
        Ok(id)
    }

    pub(crate) fn touch(&mut self, id: Id, now: i64) -> Result<(), Error> {
        let queued = self.queue();
        let session = self.find(id, now)?;
        if session.touch_due(now) {
            session.used = now;
            session.queued = queued;
        }
        Ok(())
    }

    pub(crate) fn rotate(&mut self, id: Id, entropy: Entropy, now: i64) -> Result<Id, Error> {
        self.find(id, now)?;
        let fresh = self.fresh(entropy)?;
        let queued = self.queue();
        let session = self.find(id, now)?;
        if session.id != id {
            // It was put at the end of the queue in vain, which is of no consequence but seen here.
            return Err(Error::Superseded);
        }
        let at = now.max(session.used);
        session.former = Some((id, at + OVERLAP));
        session.id = fresh;
        session.renewed = at;
        session.queued = queued;
        Ok(fresh)
    }

    pub(crate) fn login(
        &mut self,
        presented: Option<Id>,
        (user, authenticated): (u8, i64),
        entropy: Entropy,
        now: i64,
    ) -> Result<Id, Error> {
        let old = presented.and_then(|id| self.find(id, now).ok().cloned());
        let but = old.as_ref().map(|session| session.id);
        self.over_limit(user, but, now)?;
        let id = self.fresh(entropy)?;
        while let Some(oldest) = self.over_limit(user, but, now)? {
            self.remove(oldest);
        }
        let mut data = 0;
        let mut at = now;
        if let Some(old) = old {
            if old.user.is_none_or(|owner| owner == user) {
                data = old.data;
            }
            at = at.max(old.used);
            self.remove(old.id);
        } else {
            self.make_room(Some(user), now)?;
        }
        self.sessions.push(Session {
            id,
            former: None,
            begun: authenticated.min(at),
            used: at,
            renewed: at,
            user: Some(user),
            data,
            queued: 0,
        });
        Ok(id)
    }

    pub(crate) fn reauthenticate(
        &mut self,
        id: Id,
        (user, authenticated): (u8, i64),
        entropy: Entropy,
        now: i64,
    ) -> Result<Id, Error> {
        self.find(id, now)?;
        let fresh = self.fresh(entropy)?;
        let session = self.find(id, now)?;
        match session.user {
            None => return Err(Error::Anonymous),
            Some(owner) if owner != user => return Err(Error::OtherUser),
            Some(_) => {}
        }
        let at = now.max(session.used);
        session.begun = authenticated.min(at);
        session.used = at;
        session.renewed = at;
        session.id = fresh;
        session.former = None;
        Ok(fresh)
    }

    pub(crate) fn end(&mut self, id: Id, now: i64) -> Result<(), Error> {
        let id = self.find(id, now)?.id;
        self.remove(id);
        Ok(())
    }

    /// The session of a handle, or of the one before.
    fn named(&self, id: Id) -> Option<&Session> {
        let former = |session: &Session| session.former.is_some_and(|(former, _)| former == id);
        let mut sessions = self.sessions.iter();
        sessions.find(|session| session.id == id || former(session))
    }

    pub(crate) fn revoke(&mut self, id: Id, now: i64) -> Result<(), Error> {
        let named = self.named(id).ok_or(Error::Gone)?;
        let (id, lives) = (named.id, named.lives(now));
        self.remove(id);
        if lives { Ok(()) } else { Err(Error::Gone) }
    }

    pub(crate) fn revoke_own(&mut self, presented: Id, id: Id, now: i64) -> Result<(), Error> {
        let user = self.find(presented, now)?.user.ok_or(Error::Anonymous)?;
        if self
            .named(id)
            .is_none_or(|session| session.user != Some(user))
        {
            return Err(Error::Gone);
        }
        self.revoke(id, now)
    }

    pub(crate) fn revoke_others(&mut self, presented: Id, now: i64) -> Result<usize, Error> {
        let this = self.find(presented, now)?.clone();
        let user = this.user.ok_or(Error::Anonymous)?;
        Ok(self.revoke_where(|it| it.user == Some(user) && it.id != this.id, now))
    }

    pub(crate) fn revoke_where(&mut self, condemned: impl Fn(&Session) -> bool, now: i64) -> usize {
        let live = self
            .sessions
            .iter()
            .filter(|it| condemned(it) && it.lives(now));
        let count = live.count();
        self.sessions.retain(|session| !condemned(session));
        count
    }

    pub(crate) fn purge_now(&mut self, now: i64) {
        self.purge(now);
    }
}
