"""What the clients are asked to do: cases picked by hand for the points of RFC 6265bis where
implementations differ, and cases from a seeded generator.

A plan is a list of pages. A page is loaded at the top level; then its script takes the actions, one
after the other: `set` (a response with Set-Cookie lines), `get` (a request whose Cookie header is
compared), and the same by `document.cookie`. Each case has domains of its own. Octets are characters.
"""

import random

DEEP = "/dir/sub/page"


class Page:
    def __init__(self, case, scheme, host, path="/page"):
        self.case, self.scheme, self.host, self.path = case, scheme, host, path
        self.actions = []

    def set(self, *lines, scheme=None, host=None, path=DEEP):
        self.add("set", scheme, host, path, lines=list(lines))
        return self

    def get(self, *paths, scheme=None, host=None):
        for path in paths or (DEEP,):
            self.add("get", scheme, host, path)
        return self

    def script_set(self, *lines):
        self.add("script-set", None, None, self.path, lines=list(lines))
        return self

    def script_get(self):
        self.add("script-get", None, None, self.path)
        return self

    def add(self, do, scheme, host, path, lines=None):
        action = {
            "do": do,
            "case": self.case,
            "scheme": scheme or self.scheme,
            "host": host or self.host,
            "target": path,
        }
        if lines is not None:
            action["lines"] = lines
        self.actions.append(action)


def site(host):
    """The registrable domain; every top-level domain here is a public suffix, and nothing else is."""
    return ".".join(host.split(".")[-2:])


# Lines of one case each: set from www.CASE over https, asked for there, above, below and elsewhere.
PICKED = [
    # 1, 2: control characters and white space
    ["a=b\tc"], ["a\tb=c"], ["a=b\x01c"], ["a=b; Path=/\x7f"], ["a=b\x1f"], ["a=b; x=\x0b"],
    [" \ta\t=\tb\t;\tPath\t=\t/dir\t"], ["a=\xa0b\xa0"], ["\xa0a=b"],
    # 3: nameless cookies
    ["x"], ["=x"], [" = x "], ["x="], ["="], [""], ["; Path=/"], ["x", "y"], ["x", "=y", "z="],
    ["=a=b", "a=c"], ["==b"], ["===a=b"],
    # 4: splitting and quotes
    ["a=b=c"], ["a=\"b\""], ["a=\"b;c\""], ["\"a=b\"=c"], ["a=\" b \""], ["a=b, c=d"], ["a=b;c=d"],
    ["a=b;;;;Path=/dir"], ["a=b;=;Path=/"], ["a=\"b", "c=d\""], ["a='b;c'"],
    # 5, 6: lengths
    ["a=" + "v" * 4095], ["a=" + "v" * 4096], ["n" * 4096], ["n" * 4095 + "="], ["=" + "v" * 4097],
    ["a=b; Path=/dir; Path=/" + "p" * 1024], ["a=b; Path=/" + "p" * 1023],
    ["a=b; x=" + "y" * 2000 + "; Path=/"], ["a=b; Domain=" + "d" * 1025],
    # 7: octets
    ["a=%41%3B"], ["%61=b"], ["a=\xc3\xa9"], ["a=\xff\xfe"], ["\xe9=b"], ["a=b\\c"], ["a=b,c"],
    # 8 to 10: dates
    ["a=b; Expires=Wed, 01 Jan 2099 00:00:00 GMT"], ["a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    ["a=b; Expires=Wednesday, 01-Jan-69 00:00:00 GMT"], ["a=b; Expires=Thu, 01-Jan-70 00:00:00 GMT"],
    ["a=b; Expires=Sat Jan  1 00:00:00 2000"], ["a=b; Expires=1 Jan 2000 0:0:0"],
    ["a=b; Expires=012-Jan-2000 00:00:00"], ["a=b; Expires=01-Jan-20000 00:00:00"],
    ["a=b; Expires=30 Feb 2000 00:00:00"], ["a=b; Expires=01 Jan 2000 00:00:60"],
    ["a=b; Expires=01 Jan 1600 00:00:00"], ["a=b; Expires=01 Jan 1601 00:00:00"],
    ["a=b; Expires=01 Jan 2000 24:00:00"], ["a=b; Expires=01 Jan 2000 18:14e9"],
    ["a=b; Expires=2000 Jan 01 00:00:00"], ["a=b; Expires=01/Jan/2000 00:00:00"],
    ["a=b; Expires=\"Sat, 01 Jan 2000 00:00:00 GMT\""], ["a=b; Expires=0"], ["a=b; Expires=-1"],
    ["a=b; Expires=Sat, 01 Jan 2000 00:00:00 +0500"], ["a=b; Expires=01 Janssen 2000 00:00:00"],
    ["a=b; Expires=2000-01-01T00:00:00Z"], ["a=b; Expires=Sat, 01 Jan 2000"],
    ["a=b; Expires=1st Jan 2000 00:00:00"], ["a=b; Expires=01 Jan 2000 00:00:00am"],
    # 11 to 13: ages
    ["a=b", "a=c; Max-Age=0"], ["a=b", "a=c; Max-Age=-1"], ["a=b", "a=c; Max-Age=-"],
    ["a=b", "a=c; Max-Age=+0"], ["a=b", "a=c; Max-Age="], ["a=b", "a=c; Max-Age=0x0"],
    ["a=b", "a=c; Max-Age=0.5"], ["a=b", "a=c; Max-Age=\"0\""], ["a=b", "a=c; Max-Age=00"],
    ["a=b; Max-Age=99999999999999999999999999"], ["a=b; Max-Age=-99999999999999999999999999"],
    ["a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    ["a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"],
    ["a=b; Max-Age=0; Expires=Fri, 01 Jan 2038 00:00:00 GMT"],
    ["a=b; Max-Age=0; Max-Age=60"], ["a=b; Max-Age=60; Max-Age=0"], ["a=b; Max-Age=0; Max-Age=x"],
    ["a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=x"],
    ["a=b; Expires=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    ["a=b; Max-Age=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    # 14 to 16: domains
    ["a=b; Domain=CASE"], ["a=b; Domain=.CASE"], ["a=b; Domain=www.CASE"], ["a=b; Domain=.WWW.CASE"],
    ["a=b; Domain=..CASE"], ["a=b; Domain=CASE."], ["a=b; Domain=x.www.CASE"], ["a=b; Domain=ww.CASE"],
    ["a=b; Domain=."], ["a=b; Domain=.."], ["a=b; Domain="], ["a=b; Domain"], ["a=b; Domain=test"],
    ["a=b; Domain=.test"], ["a=b; Domain=other.CASE; Domain="], ["a=b; Domain=CASE; Domain=other.test"],
    ["a=b; Domain=other.test; Domain=CASE"], ["a=b; Domain=\"CASE\""], ["a=b; Domain=CASE:80"],
    ["a=b; Domain=%43ASE"], ["a=b; Domain=\xe9.CASE"], ["a=b; Domain= . CASE"], ["a=b; Domain=https://CASE"],
    ["a=1; Domain=CASE", "a=2", "a=3; Domain=www.CASE"],
    # 18 to 20: identity and paths
    ["a=1; Path=/", "a=2; Path=/dir", "a=3; Path=/dir/"], ["a=b; Path=dir"], ["a=b; Path="],
    ["a=b; Path=/dir; Path=x"], ["a=b; Path=x; Path=/"], ["a=b; Path=/DIR"], ["a=b; Path=/d%69r"],
    ["a=b; Path=/di"], ["a=b; Path=/dir/sub/page"], ["a=b; Path=/dir/sub/page/"], ["a=b; Path=\"/\""],
    ["a=b; Path=/dir?x"], ["a=b; Path=//"], ["a=b; Path=/dir/../"], ["a=1", "A=2"],
    # 21: Secure with any value
    ["a=b; Secure=no"], ["__Secure-a=b; Secure=x"], ["a=b; secure = x"], ["a=b; Secure x"], ["a=b; HttpOnly=no"],
    # 23: SameSite
    ["a=b; SameSite=Strict"], ["a=b; SameSite=lax"], ["a=b; SameSite=None"],
    ["a=b; SameSite=None; Secure"], ["a=b; SameSite=x"], ["a=b; SameSite=None; SameSite=x"],
    # 24: prefixes
    ["__Secure-a=b"], ["__Secure-a=b; Secure"], ["__SECURE-a=b"], ["__secure-a=b; Secure; Domain=CASE"],
    ["__Host-a=b; Secure"], ["__Host-a=b; Secure; Path=/"], ["__HOST-a=b; Path=/"],
    ["__Host-a=b; Secure; Path=/; Domain=www.CASE"], ["__Host-a=b; Secure; Path=/; Domain="],
    ["__Host-a=b; Secure; Path=/dir"], ["__Host-a=b; Secure; Path=/; Path=x"], ["__Host-=b; Secure"],
    ["__Http-a=b; Secure"], ["__Http-a=b; Secure; HttpOnly"], ["__Host-Http-a=b; Secure; Path=/"],
    ["__Host-Http-a=b; Secure; Path=/; HttpOnly"], ["__host-http-a=b; Secure; Path=/"],
    ["=__Host-a=b"], ["__Secure-a"], ["=__Http-a"], ["__Host=b"], ["a=__Host-b"],
    # 25, 26: overwriting and order
    ["a=1", "b=2", "a=3"], ["a=1; Path=/", "b=2; Path=/dir", "c=3; Path=/dir/sub", "d=4; Path=/dir"],
    ["a=1", "b=2", "a=; Max-Age=0", "a=3"], ["a=1; HttpOnly", "a=2"],
    # 28: partitions
    ["a=b; Partitioned"], ["a=b; Partitioned; Secure"], ["a=b; Secure", "a=c; Secure; Partitioned"],
]


def asked(page, name):
    """Requests that tell apart where a cookie of www.NAME goes."""
    page.get(DEEP, "/dir", "/", "/dirt", host=f"www.{name}")
    page.get(host=name).get(host=f"x.www.{name}")


def picked():
    """The lists above, thirty cases to a page; a case that names the public suffix has its own."""
    page = None
    for number, lines in enumerate(PICKED):
        alone = any("test" in line for line in lines)
        if page is None or alone or number % 30 == 0:
            page = Page(None, "https", f"picked{number}.test")
        name = page.host if alone else f"c{number}.{page.host}"
        page.case = f"picked {number}"
        page.set(*[line.replace("CASE", name) for line in lines], host=f"www.{name}")
        asked(page, name)
        if alone or number % 30 == 29:
            yield page
            page = None
        elif number + 1 == len(PICKED) or any("test" in line for line in PICKED[number + 1]):
            yield page
            page = None


def stories():
    """Cases that need several pages, schemes, sites or scripts."""
    yield (Page("secure over http", "http", "story1.test").set("a=b; Secure").set("b=c", "c=d; secure=")
           .get())
    yield (Page("left alone: set over https", "https", "story2.test")
           .set("a=1; Secure; Path=/dir").set("b=1; Secure; Domain=story2.test; Path=/").get("/dir/x"))
    yield (Page("left alone: over http", "http", "story2.test")
           .set("a=2; Path=/dir").set("a=3; Path=/dir/sub").set("a=4; Path=/").set("a=5; Path=/dirt")
           .set("b=2", host="www.story2.test").set("b=3; Path=/", host="story2.test").set("c=1; Path=/")
           .get("/dir/sub/x", "/dirt", "/").get(host="www.story2.test"))
    yield Page("left alone: seen over https", "https", "story2.test").get("/dir/sub/x", "/dirt", "/")
    yield (Page("scripts and HttpOnly", "https", "story3.test", "/dir/page")
           .set("a=1; HttpOnly; Path=/dir", "b=2; Path=/dir").script_get()
           .script_set("a=3; Path=/dir").script_set("b=4; Path=/dir").script_set("c=5; HttpOnly")
           .script_set("__Http-d=6; Secure").script_set("__Host-e=7; Secure; Path=/")
           .script_set("f=8; Secure").script_set("g").script_set("h=\x019").script_set("i=j; Max-Age=0")
           .script_set("b=; Max-Age=-1; Path=/dir").script_get().get("/dir/x", "/"))
    yield (Page("scripts over http", "http", "story4.test", "/dir/page")
           .script_set("a=1; Secure").script_set("b=2; Secure\t;").script_set("c=3").script_get().get("/dir/x"))
    yield (Page("SameSite: at home", "https", "story5.test")
           .set("s=1; SameSite=Strict; Path=/", "l=1; SameSite=Lax; Path=/", "d=1; Path=/",
                "n=1; SameSite=None; Secure; Path=/").get())
    yield (Page("SameSite: from another site", "https", "story6.test")
           .get(host="story5.test")
           .set("s=2; SameSite=Strict; Path=/", "l=2; SameSite=Lax; Path=/", "d=2; Path=/",
                "n=2; SameSite=None; Secure; Path=/", "x=2; SameSite=None; Path=/", host="story5.test")
           .set("p=1; SameSite=None; Secure; Partitioned; Path=/", host="story5.test")
           .get(host="story5.test"))
    yield Page("SameSite: at home again", "https", "story5.test").get()
    yield Page("SameSite: another partition", "https", "story7.test").get(host="story5.test")
    yield (Page("50 and more of a domain", "https", "story8.test")
           .set(*[f"n{n}={n}" for n in range(40)]).get())
    yield (Page("the host is a public suffix", "http", "story-suffix")
           .set("a=1; Domain=story-suffix", "b=2; Domain=.story-suffix", "c=3").get()
           .get(host="www.story-suffix"))
    yield (Page("a prefix where the host is a public suffix", "https", "story-prefix")
           .set("__Host-a=1; Secure; Path=/; Domain=story-prefix", "__Host-b=2; Secure; Path=/; Domain=").get())
    yield (Page("the host is an address", "https", "127.0.0.1")
           .set("a=1; Path=/", "b=2; Path=/; Domain=127.0.0.1", "c=3; Domain=0.0.1", "d=4; Domain=.127.0.0.1").get()
           .set("a=5; Path=/; Domain=127.0.0.1").get())
    yield (Page("a prefix where the host is an address", "https", "127.0.0.2")
           .set("__Host-a=1; Secure; Path=/; Domain=127.0.0.2", "__Host-b=2; Secure; Path=/").get())


def generated(seed, cases):
    """Lines from the pieces by which implementations have been told apart; every other page without
    those that curl is known to read in its own way, so that it has a say in the rest."""
    chance = random.Random(seed)
    pick = chance.choice

    def padded(text):
        tab = pick(["\t", "\t ", " \t"]) if odd else "   "
        return pick(["", "", "", "", " ", tab, "  "]) + text + pick(["", "", "", "", " ", tab])

    def pair():
        name = pick(["a", "a", "b", "c", "a b", "__Secure-a", "__Host-a", "$a", "a\"", "\xc3\xa9"])
        value = pick(["1", "2", "", "\"q\"", "x=y", "v w", "\"a", "%3B", "\xe2\x82\xac", "long" * 20])
        if odd and pick([True, False, False]):
            name = pick(["", "A", "__http-a", "__host-http-a"])
        return padded(name) + pick(["=", "=", "=", "=", "=", "" if odd else "="]) + padded(value)

    def attribute(name):
        if not odd:
            key, value = pick([
                ("Domain", pick([name, "." + name, "www." + name, "WWW." + name.upper(), "x." + name, ".." + name])),
                ("Path", pick(["/", "/dir", "/dir/sub", "/dirt", "/DIR", "/dir/sub/page"])),
                ("Max-Age", pick(["60", "0", "-1", "99999999999", "060"])),
                ("Expires", pick(["Fri, 01 Jan 2038 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])),
                ("Secure", pick([None, None, "", "x"])),
                ("HttpOnly", pick([None, None, "", "x"])),
                ("SameSite", pick(["Lax", "Strict", "", "Bogus"])),
                ("Priority", pick(["High", "Low", "x"])),
                (pick(["x", "", "Securee", "Pat", "Version"]), pick(["y", "", None, "\"a;b\""])),
            ])
            return padded(key) if value is None else padded(key) + "=" + padded(value)
        key, value = pick([
            ("Domain", pick([name, "." + name, "www." + name, "WWW." + name.upper(), "x." + name, "", ".", ".." + name])),
            ("Path", pick(["/", "/dir", "/dir/", "/dir/sub", "/dirt", "dir", "", "/DIR", "/dir/sub/page"])),
            ("Max-Age", pick(["60", "0", "-1", "", "+5", "1e3", "99999999999", "060", "5 5", "-0"])),
            ("Expires", pick(["Fri, 01 Jan 2038 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "tomorrow",
                              "01-jan-38 00:00:00", "1 Jan 1999 1:1:1", "32 Jan 2038 00:00:00",
                              "Jan 2038 00:00:00", "01 Foo 2038 00:00:00", "00:00:00 2038 Jan 01"])),
            ("Secure", pick([None, None, "", "x"])),
            ("HttpOnly", pick([None, None, "", "x"])),
            ("SameSite", pick(["Lax", "Strict", "None", "none", "", "Bogus"])),
            ("Partitioned", None),
            ("Priority", pick(["High", "Low", "x"])),
            (pick(["x", "", "Securee", "Pat", "Version"]), pick(["y", "", None, "\"a;b\""])),
        ])
        key = pick([key, key, key.lower(), key.upper()])
        return padded(key) if value is None else padded(key) + "=" + padded(value)

    page = None
    for number in range(cases):
        if number % 30 == 0:
            if page:
                yield page
            page = Page(None, "https", f"generated{number}.test")
        odd = number // 30 % 2 == 0
        name = f"g{number}.{page.host}"
        page.case = f"generated {number}"
        for _ in range(pick([1, 1, 1, 2])):
            lines = []
            for _ in range(pick([1, 1, 2, 3])):
                attributes = [attribute(name) for _ in range(pick([0, 1, 1, 2, 2, 3, 4]))]
                lines.append(";".join([pair()] + attributes) + pick(["", "", ";"]))
            page.set(*lines, host=f"www.{name}")
        asked(page, name)
    yield page


def plan(seed, cases):
    pages = [*picked(), *stories(), *generated(seed, cases)]
    for page_number, page in enumerate(pages):
        for number, action in enumerate(page.actions):
            same = (page.scheme, site(page.host)) == (action["scheme"], site(action["host"]))
            action["id"] = f"{page_number}.{number}"
            action["cross"] = not same
            action["script"] = action["do"].startswith("script")
            action["top"] = f"{page.scheme}://{site(page.host)}"
    return pages
