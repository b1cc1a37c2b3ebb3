//! `policy`.

use core::fmt::{Debug, Display};

use hardtack::cookie::Signer;
use hardtack::identity::{Anonymous, Authenticated, Client, Evidence};
use hardtack::mac::Hs256;
use hardtack::policy::*;
use hardtack::scope::Scope;
use hardtack::session::Secret;
use hardtack::time::UnixTime;

/// A program's own action.
#[derive(Debug)]
pub struct Action(u64);

/// A program's own user.
#[derive(Debug)]
pub struct User(u64);

impl HasRoles for User {
    fn roles(&self) -> Roles {
        Roles::from_bits(self.0)
    }
}

impl HasPermissions for User {
    fn permissions(&self) -> Permissions {
        Permissions::from_bits(self.0)
    }
}

/// Where it is looked up who is what to what.
pub struct Elsewhere(fn(u64) -> Result<bool, u8>);

impl Relations<Action, User> for Elsewhere {
    type Error = u8;

    fn related(&self, user: &User, _: &'static str, action: &Action) -> Result<bool, u8> {
        (self.0)(user.0 ^ action.0)
    }
}

/// Where an audit goes to.
pub struct Text(fn(&str) -> Result<(), core::fmt::Error>);

impl core::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        (self.0)(text)
    }
}

type Somebody = Authenticated<User>;
impl HasScope for User {
    fn scope(&self) -> Scope<'_> {
        Scope::NONE
    }
}

/// A program's own record, which does not care for the end.
pub struct Noted(fn(Step));

impl Record for Noted {
    fn step(&mut self, step: Step) {
        (self.0)(step);
    }
}

/// The header of a request.
type Lines = [(&'static str, &'static [u8])];
type PasswordCheck = fn(Login<'_>, UnixTime) -> Result<Authenticated<u64>, Refusal>;
type TokenCheck = fn(&[u8], UnixTime) -> Result<Authenticated<u64>, Refusal>;
type SessionCheck = fn(&Secret, UnixTime) -> Result<Client<u64>, Refusal>;

type Identify = fn(&str) -> Option<(u64, Evidence, UnixTime)>;
type Signed = SignedCookie<'static, 'static, Hs256, Identify>;

type Two = (LoggedIn, MultiFactor);
type Three = (Allow<LoggedIn>, Deny<MultiFactor>, Require<LoggedIn>);

crate::linked! {
    "policy::All::Rule::check": <All<Two> as Rule<Action, User>>::check;
    "policy::Allow::Policy::decide": <Allow<LoggedIn> as Policy<Action, User>>::decide;
    "policy::Always::Rule::check": <Always as Rule<Action, User>>::check;
    "policy::Answer::From::from": <Answer as From<bool>>::from;
    "policy::Answer::From::from, looked up": <Answer as From<Result<bool, u8>>>::from;
    "policy::Any::Rule::check": <Any<Two> as Rule<Action, User>>::check;
    "policy::Ask::action": Ask::<Action, User>::action;
    "policy::Ask::new": |action: &Action, who: &Client<User>, now: UnixTime| Ask::<Action, User>::new(action, who, now).who().is_ok();
    "policy::Ask::now": Ask::<Action, User>::now;
    "policy::Ask::principal": Ask::<Action, User>::principal;
    "policy::Ask::who": Ask::<Action, User>::who;
    "policy::AuditLine::Record::end": <AuditLine<Text> as Record>::end;
    "policy::AuditLine::Record::step": <AuditLine<Text> as Record>::step;
    "policy::AuditLine::finish": AuditLine::<Text>::finish;
    "policy::AuditLine::new": AuditLine::<Text>::new;
    "policy::Challenge::Display::fmt": <Challenge as Display>::fmt;
    "policy::Challenge::describe": Challenge::describe;
    "policy::Challenge::len": Challenge::len;
    "policy::Challenge::write": Challenge::write;
    "policy::Daily::Rule::check": <Daily as Rule<Action, User>>::check;
    "policy::Deny::Policy::decide": <Deny<LoggedIn> as Policy<Action, User>>::decide;
    "policy::DenyOverrides::Policy::decide": <DenyOverrides<Three> as Policy<Action, User>>::decide;
    "policy::DenyUnlessPermit::Policy::decide": <DenyUnlessPermit<Three> as Policy<Action, User>>::decide;
    "policy::Factor::Rule::check": <Factor as Rule<Action, User>>::check;
    "policy::FirstApplicable::Policy::decide": <FirstApplicable<Three> as Policy<Action, User>>::decide;
    "policy::Hide::Policy::decide": <Hide<Allow<LoggedIn>> as Policy<Action, User>>::decide;
    "policy::Hide::Rule::check": <Hide<LoggedIn> as Rule<Action, User>>::check;
    "policy::InScope::Rule::check": <InScope as Rule<Action, User>>::check;
    "policy::Level::Rule::check": <Level as Rule<Action, User>>::check;
    "policy::LoggedIn::Rule::check": <LoggedIn as Rule<Action, User>>::check;
    "policy::MaxAge::Rule::check": <MaxAge as Rule<Action, User>>::check;
    "policy::MultiFactor::Rule::check": <MultiFactor as Rule<Action, User>>::check;
    "policy::NonEmpty::new": NonEmpty::<bool>::new;
    "policy::Not::Rule::check": <Not<LoggedIn> as Rule<Action, User>>::check;
    "policy::NotQuotable::Display::fmt": <NotQuotable as Display>::fmt;
    "policy::Outcome::Display::fmt": <Outcome as Display>::fmt;
    "policy::Outcome::is_indeterminate": Outcome::is_indeterminate;
    "policy::Owner::Rule::check": <Owner<fn(&Action, &User) -> bool> as Rule<Action, User>>::check;
    "policy::Permission::Rule::check": <Permission as Rule<Action, User>>::check;
    "policy::Permissions::Debug::fmt": <Permissions as Debug>::fmt;
    "policy::Permissions::bit": Permissions::bit::<7>;
    "policy::Permissions::bits": Permissions::bits;
    "policy::Permissions::contains": Permissions::contains;
    "policy::Permissions::from_bits": Permissions::from_bits;
    "policy::Permissions::is_none": Permissions::is_none;
    "policy::Permissions::with": Permissions::with;
    "policy::Permissions::without": Permissions::without;
    "policy::Permit::Debug::fmt": <Permit<Action, Somebody> as Debug>::fmt;
    "policy::Permit::action": Permit::<Action, Somebody>::action;
    "policy::Permit::decided_at": Permit::<Action, Somebody>::decided_at;
    "policy::Permit::into_action": Permit::<Action, Somebody>::into_action;
    "policy::Permit::principal": Permit::<Action, Somebody>::principal;
    "policy::Permit::who": Permit::<Action, Somebody>::who;
    "policy::PermitOverrides::Policy::decide": <PermitOverrides<Three> as Policy<Action, User>>::decide;
    "policy::PermitUnlessDeny::Policy::decide": <PermitUnlessDeny<Three> as Policy<Action, User>>::decide;
    "policy::Record::end": <Noted as Record>::end;
    "policy::Refusal::Display::fmt": <Refusal as Display>::fmt;
    "policy::Refusal::From::from": <Refusal as From<Anonymous>>::from;
    "policy::Refusal::From::from, token": <Refusal as From<hardtack::token::Error>>::from;
    "policy::Refusal::From::from, session": <Refusal as From<hardtack::session::Error>>::from;
    "policy::Refusal::From::from, issuer": <Refusal as From<hardtack::issuer::Error>>::from;
    "policy::Refusal::and": Refusal::and;
    "policy::Refusal::challenge": Refusal::challenge;
    "policy::Refusal::or": Refusal::or;
    "policy::Refusal::status": Refusal::status;
    "policy::Related::Rule::check": <Related<Elsewhere> as Rule<Action, User>>::check;
    "policy::Require::Policy::decide": <Require<LoggedIn> as Policy<Action, User>>::decide;
    "policy::Role::Rule::check": <Role as Rule<Action, User>>::check;
    "policy::Roles::Debug::fmt": <Roles as Debug>::fmt;
    "policy::Roles::bit": Roles::bit::<7>;
    "policy::Roles::bits": Roles::bits;
    "policy::Roles::contains": Roles::contains;
    "policy::Roles::from_bits": Roles::from_bits;
    "policy::Roles::is_none": Roles::is_none;
    "policy::Roles::permissions": Roles::permissions;
    "policy::Roles::with": Roles::with;
    "policy::Roles::without": Roles::without;
    "policy::Scheme::basic": Scheme::basic;
    "policy::Scheme::bearer": Scheme::bearer;
    "policy::Scheme::cookie": Scheme::cookie;
    "policy::Step::Display::fmt": <Step as Display>::fmt;
    "policy::StepUp::level": StepUp::level;
    "policy::StepUp::max_age": StepUp::max_age;
    "policy::StepUp::min_level": StepUp::min_level;
    "policy::StepUp::needed_scope": StepUp::needed_scope;
    "policy::StepUp::new": StepUp::new;
    "policy::StepUp::scope": StepUp::scope;
    "policy::StepUp::within": StepUp::within;
    "policy::Steps::Default::default": <Steps<4> as Default>::default;
    "policy::Steps::Display::fmt": <Steps<4> as Display>::fmt;
    "policy::Steps::Record::end": <Steps<4> as Record>::end;
    "policy::Steps::Record::step": <Steps<4> as Record>::step;
    "policy::Steps::decision": Steps::<4>::decision;
    "policy::Steps::iter": |it: &Steps<4>| it.iter().count();
    "policy::Steps::missed": Steps::<4>::missed;
    "policy::Steps::new": Steps::<4>::new;
    "policy::Trace::Debug::fmt": <Trace as Debug>::fmt;
    "policy::Trace::note": Trace::note;
    "policy::Trace::off": Trace::off;
    "policy::Trace::to": Trace::to;
    "policy::Verdict::deny": Verdict::deny;
    "policy::Verdict::not_allowed": Verdict::not_allowed;
    "policy::Verdict::outcome": Verdict::outcome;
    "policy::Verdict::reason": Verdict::reason;
    "policy::What::Rule::check": <What<fn(&Action) -> bool> as Rule<Action, User>>::check;
    "policy::When::Policy::decide": <When<LoggedIn, Allow<LoggedIn>> as Policy<Action, User>>::decide;
    "policy::Who::Rule::check": <Who<fn(&User) -> bool> as Rule<Action, User>>::check;
    "policy::Window::Rule::check": <Window as Rule<Action, User>>::check;
    "policy::authorize": |policy: &dyn Policy<Action, User>, action: Action, who: &Client<User>, now: UnixTime| authorize(policy, action, who, now).is_ok();
    "policy::authorize_traced": |policy: &dyn Policy<Action, User>, action: Action, who: &Client<User>, record: &mut dyn Record, now: UnixTime| authorize_traced(policy, action, who, record, now).is_ok();
    "policy::Login::Debug::fmt": <Login as Debug>::fmt;
    "policy::Login::password": Login::password;
    "policy::Login::user": Login::user;
    "policy::Basic::new": |buffer: &'static mut [u8], verify: PasswordCheck| Basic::<PasswordCheck>::new(buffer, verify);
    "policy::Basic::Debug::fmt": <Basic<PasswordCheck> as Debug>::fmt;
    "policy::Basic::Authenticator::authenticate": <Basic<PasswordCheck> as Authenticator<Lines, u64>>::authenticate;
    "policy::Bearer::new": Bearer::<TokenCheck>::new;
    "policy::Bearer::Authenticator::authenticate": <Bearer<TokenCheck> as Authenticator<Lines, u64>>::authenticate;
    "policy::SessionCookie::new": SessionCookie::<SessionCheck>::new;
    "policy::SessionCookie::Authenticator::authenticate": <SessionCookie<SessionCheck> as Authenticator<Lines, u64>>::authenticate;
    "policy::Chain::Authenticator::authenticate": <Chain<(Bearer<TokenCheck>, SessionCookie<SessionCheck>)> as Authenticator<Lines, u64>>::authenticate;
    "policy::SignedCookie::new": |signer: &'static Signer<Hs256>, identify: Identify| Signed::new(signer, identify);
    "policy::SignedCookie::Authenticator::authenticate": <Signed as Authenticator<Lines, u64>>::authenticate;
}
