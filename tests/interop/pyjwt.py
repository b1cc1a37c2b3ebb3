"""PyJWT's side: `mint` prints tokens, `verify` checks those on standard input."""

import sys
import time

import jwt

KEY = bytes(range(64))
ISSUER, AUDIENCE = "https://login.example", "https://api.example"
CABIN = {"deck": 3, "name": "Zoë's \"berth\"\n\U0001F6A2/\\"}

if sys.argv[1] == "mint":
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "ada", "aud": AUDIENCE, "iat": now, "exp": now + 300,
              "scope": "read write", "cabin": CABIN}
    for algorithm in ("HS256", "HS384", "HS512"):
        print("PyJWT", algorithm, jwt.encode(claims, KEY, algorithm))
else:
    for line in sys.stdin:
        minter, algorithm, token = line.split()
        claims = jwt.decode(token, KEY, [algorithm], issuer=ISSUER, audience=AUDIENCE)
        assert claims["sub"] == "ada" and claims["cabin"] == CABIN, claims
        print(f"interop: {minter:12} {algorithm}  verified by PyJWT")
