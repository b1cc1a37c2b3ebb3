//! What is measured: one operation each, its inputs out of the optimiser's sight. Their stack is what
//! the operation takes, and of its arguments and results what lies with it.

use core::hint::black_box;
use core::time::Duration;

use hardtack::cookie::{Header, Received, Request, SetCookie};
use hardtack::date;
use hardtack::issuer::{Issuer, Mint};
use hardtack::mac::{Hs256, Key, Keyring};
use hardtack::policy::authorize;
use hardtack::refresh::{Families, Rules};
use hardtack::scope::Scope;
use hardtack::token::{Claims, Jws, Signer, Type, Verifier};
use serde::Serialize;

use crate::flow::{
    self, AUDIENCE, Action, Global, ISSUER, JAR, NOW, POLICY, SESSIONS, fill, key, user,
};

/// A name, and what is done.
pub type Operation = (&'static str, fn());

type Whole = Issuer<'static, Hs256, Families<u32, 4, 32>, 8, 0>;

/// What one operation leaves for the next: keys, a token and its length, an issuer, a refresh token.
static KEY: Global<Option<Key<Hs256>>> = Global::new(None);
static TOKEN: Global<([u8; 384], usize)> = Global::new(([0; 384], 0));
static WHOLE: Global<Option<Whole>> = Global::new(None);
static REFRESH: Global<([u8; 96], usize)> = Global::new(([0; 96], 0));

/// A header field that our own header has not, so that the header is read and not compared.
#[derive(Serialize)]
struct Foreign {
    nonce: &'static str,
}

fn verify() {
    KEY.with(|key| {
        TOKEN.with(|(bytes, len)| {
            let verifier = Verifier::access_token(ISSUER, AUDIENCE);
            let token = bytes.get(..*len).unwrap_or_default();
            let mut scratch = [0; 256];
            let _ = black_box(
                key.as_ref()
                    .map(|key| verifier.verify(key, token, &mut scratch, NOW).is_ok()),
            );
        });
    });
}

fn keep<const N: usize>(place: &Global<([u8; N], usize)>, text: &str) {
    place.with(|(bytes, len)| {
        *len = text.len();
        if let Some(room) = bytes.get_mut(..text.len()) {
            room.copy_from_slice(text.as_bytes());
        }
    });
}

pub const ALL: &[Operation] = &[
    ("nothing", || {}),
    ("cookie: look up in a header of three", || {
        let line = black_box(&b"theme=dark; __Host-session=31d4d96e407aad42; lang=de"[..]);
        let _ = black_box(Header::new([line]).only(black_box(b"__Host-session")));
    }),
    ("cookie: write Set-Cookie", || {
        let cookie = SetCookie::new(black_box("__Host-session"), black_box("31d4d96e407aad42"));
        let mut buffer = [0; 128];
        let _ = black_box(cookie.map(|cookie| cookie.write(&mut buffer).is_ok()));
    }),
    ("cookie: parse Set-Cookie", || {
        let line = black_box(
            &b"sid=31d4; Path=/; Secure; HttpOnly; Expires=Wed, 09 Jun 2027 10:18:14 GMT"[..],
        );
        let _ = black_box(Received::parse(line));
    }),
    ("date: parse", || {
        let _ = black_box(date::parse(black_box(b"Wed, 09 Jun 2027 10:18:14 GMT")));
    }),
    ("key: HS256 from bytes", || {
        let key = Key::new(black_box(&[0x5A; 32])).ok();
        KEY.with(|place| *place = key);
    }),
    ("key: HS256 tag of 100 bytes, verified", || {
        KEY.with(|key| {
            let key = key.as_ref();
            let _ = black_box(key.map(|key| key.verify(black_box(&[9; 100]), black_box(&[1; 32]))));
        });
    }),
    ("token: sign", || {
        KEY.with(|key| {
            let signer = Signer::access_token(ISSUER, AUDIENCE, Duration::from_secs(300));
            let mut buffer = [0; 384];
            let claims = Claims::of(black_box("7")).client_id("web").jti("1");
            let token = key
                .as_ref()
                .map(|key| signer.sign(key, &claims, &mut buffer, NOW));
            keep(&TOKEN, token.and_then(Result::ok).unwrap_or_default());
        });
    }),
    ("token: verify", verify),
    ("token: sign, another header", || {
        KEY.with(|key| {
            let mut buffer = [0; 384];
            let header = Foreign { nonce: "1" };
            let payload = br#"{"iss":"https://device.example","aud":"https://api.device.example","sub":"7","client_id":"web","jti":"1","iat":1700000000,"exp":1700000300}"#;
            let jws = Jws::new(Type::ACCESS_TOKEN).header(&header);
            let token = key
                .as_ref()
                .map(|key| jws.sign(key, black_box(payload), &mut buffer));
            keep(&TOKEN, token.and_then(Result::ok).unwrap_or_default());
        });
    }),
    ("token: verify, another header", verify),
    ("jar: store", || {
        let _ = black_box(flow::log_in(7));
    }),
    ("jar: write the Cookie header", || {
        let mut line = [0; 160];
        if let Ok(request) = Request::https(black_box("device.example"), black_box("/")) {
            let _ = black_box(JAR.with(|jar| jar.write_header(&request, &mut line, NOW).is_ok()));
        }
    }),
    ("session: touch", || {
        if let Some(secret) = flow::presented() {
            let _ = black_box(SESSIONS.with(|sessions| sessions.touch(&secret, NOW).is_ok()));
        }
    }),
    ("session: login", || {
        let _ =
            black_box(SESSIONS.with(|sessions| sessions.login(None, user(8), fill, NOW).is_ok()));
    }),
    ("policy: decide, ten rules", || {
        let who = user(7);
        let evidence = who.evidence();
        let who = hardtack::identity::Authenticated::vouch(
            flow::User {
                number: 7,
                scope: "read",
            },
            evidence,
            NOW,
        );
        let _ = black_box(authorize(black_box(POLICY), Action::Read, &who, NOW).is_ok());
    }),
    #[cfg(feature = "red")]
    ("red", || {
        black_box([0_u8; 4096]);
    }),
    ("issuer: make one", || {
        let mint = key().map(|key| {
            let ring = Keyring::new("k", key);
            Mint::new(&ring, ISSUER, AUDIENCE, Duration::from_secs(300))
        });
        let denied = mint.as_ref().map(Mint::denylist::<8>);
        WHOLE.with(|place| {
            *place = mint
                .zip(denied)
                .map(|(mint, denied)| Issuer::new(mint, Families::new(Rules::AAL1), denied));
        });
    }),
    ("issuer: issue a pair", || {
        WHOLE.with(|whole| {
            let mut buffer = [0; 512];
            let pair = whole
                .as_mut()
                .map(|whole| whole.issue(&user(7), "web", Scope::NONE, fill, &mut buffer, NOW));
            if let Some(Ok(pair)) = pair {
                keep(&REFRESH, pair.refresh_token());
            }
        });
    }),
    ("issuer: exchange a refresh token", || {
        WHOLE.with(|whole| {
            REFRESH.with(|(bytes, len)| {
                let token = bytes.get(..*len).unwrap_or_default();
                let mut buffer = [0; 512];
                let _ = black_box(whole.as_mut().map(|whole| {
                    whole
                        .exchange(token, "web", Scope::NONE, fill, &mut buffer, NOW)
                        .is_ok()
                }));
            });
        });
    }),
];
