"""Requests that are wrong in every way that these tests know, and texts that other programs have stumbled over."""

import json
import random
from urllib.parse import quote

from running import CELL

ATLAS = "/v1/atlases/nasbench201"
# Every operation and its parameters; path parameters stand in braces.
QUESTION = ["space", "dataset", "protocol", "metric", "split", "epoch", "seed"]
GETS = {
    ATLAS: [], f"{ATLAS}/architectures": ["page", "limit"], f"{ATLAS}/answer": ["architecture", "predict", *QUESTION],
    f"{ATLAS}/value": ["architecture", "place", *QUESTION], f"{ATLAS}/curve": ["architecture", *QUESTION],
    f"{ATLAS}/neighbors": ["architecture", *QUESTION], f"{ATLAS}/top": ["count", "where", "by", "show", *QUESTION],
    f"{ATLAS}/pareto": ["objective", "where", "space", "dataset", "protocol"], f"{ATLAS}/spaces": [],
    f"{ATLAS}/sample": ["count", "seed", "space", "dataset", "protocol"],
    f"{ATLAS}/export": ["space", "dataset", "protocol"],
}
PATHS = ["/v1/atlases/{}", ATLAS + "/architectures/{}", ATLAS + "/spaces/{}/configspace",
         ATLAS + "/quantities/{}", "/v1/ledgers/{}", "/v1/ledgers/{}/history", "/atlases/{}",
         "/atlases/nasbench201/architecture?a={}", "/{}"]
POSTS = [f"{ATLAS}/values?dataset=cifar10", f"{ATLAS}/evaluate?dataset=cifar10", f"{ATLAS}/ledgers?dataset=cifar10",
         "/v1/ledgers/00000000000000000000000000000000/ask", "/v1/ledgers/00000000000000000000000000000000/close",
         f"{ATLAS}/fields?dataset=cifar10&field=parameters", f"{ATLAS}/predictions?dataset=cifar10"]


def injections():
    """500 different texts: SQL, shells, paths, templates, formats, markup, header splitting, odd Unicode, numbers."""
    found = []
    for close in ("", "'", '"', "`", "')", '")', "'))", "]", "%27", "\\'", "\u2019", "\uff07", "'\x00", "|'"):
        for rest in (" OR 1=1--", " OR '1'='1", "; DROP TABLE runs;--", " UNION SELECT 1,2,3,4--",
                     " UNION ALL SELECT sql FROM sqlite_master--", "; ATTACH DATABASE '/tmp/x' AS x;--",
                     " AND load_extension('x')--", "; PRAGMA writable_schema=1;--", "/**/OR/**/1=1#",
                     " AND randomblob(1000000000)--", " AND (SELECT hex(zeroblob(900000000)))--",
                     "; DELETE FROM architectures; VACUUM;--", " LIMIT 1 OFFSET 1--", " COLLATE NOCASE--",
                     "; UPDATE runs SET value=1;--", " GLOB '*'", " MATCH 'x'", "||(SELECT writefile('/tmp/x','y'))||",
                     " ORDER BY 99--", "; SELECT readfile('/etc/passwd')--", " HAVING 1=1--", " IN (SELECT 1)--",
                     " BETWEEN 0 AND 1--"):
            found.append(close + rest)
    for path in ("etc/passwd", "proc/self/environ", "data/nasbench201.atlas", "windows/win.ini"):
        for up in ("../", "../../../../", "..%2f..%2f", "....//", "..\\..\\", "/", "file:///", "%2e%2e/", "..;/",
                   "..%c0%af", "/%00/", "~/"):
            found.append(up + path)
    found += ["$(id)", "`id`", "; id", "| id", "&& id", "\nid", "${jndi:ldap://x/y}", "{{7*7}}", "${7*7}", "<%= 7*7 %>",
              "#{7*7}", "%s%s%s%n%n", "%x" * 40, "%99999999d", "{0}{1}", "<script>alert(1)</script>",
              "\"><img src=x onerror=alert(1)>", "<!--#exec cmd=\"id\"-->", "<?xml version=\"1.0\"?><!DOCTYPE x>",
              "x\r\nSet-Cookie: a=b", "x\r\n\r\nHTTP/1.1 200 OK", "x\nX-Injected: 1", "javascript:alert(1)", "*", "?",
              "%", "%%", "_", "\\", "\\\\", "'", "\"", "`", "\x00", "a\x00b", "\x7f", "\x1b[31m", "\ufeff", "\u202e",
              "\u2028", "\ud7ff", "\ufffd", "\U0010ffff", "\U0001f4a9", "é", "e\u0301", "ﬀ", "İ", "ı", "ß",
              "Ω", "K",
              "\u0661\u0662", "null", "nil", "None", "undefined", "true", "NaN", "nan", "inf", "-inf", "-0", "0x10",
              "1e309", "1e-400", "9" * 400, "-9223372036854775808", "9223372036854775808", "18446744073709551616",
              "1_000", "1,000", "+1", " 1", "1 ", "00", "{}", "[]", "[[[[", "((((", "!" * 50, "not not not",
              "a[b]:c", "a:max:min", "[]:", "x" * 2_000, "(" * 1_500, "not " * 400, "1=1 and " * 200]
    unique = list(dict.fromkeys(found))
    draw = random.Random(17)
    while len(unique) < 500:
        text = "".join(chr(draw.choice((draw.randrange(1, 128), draw.randrange(0xA0, 0xD7FF))))
                       for _ in range(draw.randrange(1, 30)))
        if text not in unique:
            unique.append(text)
    return unique[:500]


def request(method, target, headers=(), body=b"", version="HTTP/1.1", host=True):
    """The bytes of a request."""
    lines = [f"{method} {target} {version}"] + (["Host: t"] if host else [])
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


def posted(target, body, kind="application/json"):
    """The bytes of a request with a body."""
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    return request("POST", target, [("Content-Type", kind), ("Content-Length", len(body))], body)


def malformed(count):
    """Pairs of a kind and the bytes of a request; `count` of them, always the same."""
    draw = random.Random(16)
    texts = injections()
    deep = 10_000
    digits = "9" * 10_000_000
    # Few of these, for they are long.
    long = [
        ("a 10 MB number", posted(POSTS[0], '{"architectures":[' + digits + "]}")),
        ("a 10 MB number told shorter", posted(POSTS[0], '{"architectures":[' + digits[:2_000_000] + "]}")),
        ("a 10 MB budget", posted(POSTS[2], '{"queries":' + digits[:2_000_000] + "}")),
        ("a 10 MB fraction", posted(POSTS[1], '{"architectures":["x"],"predictions":[0.' + digits[:2_000_000] + "]}")),
        ("too many keys", posted(POSTS[0], json.dumps({"architectures": list(range(10_001))}))),
        ("a million exponents", posted(POSTS[2], '{"queries":1e' + digits[:1_000_000] + "}")),
        ("2 MB of white space", posted(POSTS[0], " " * 2_000_000)),
        ("2 MB of brackets", posted(POSTS[0], "[" * 2_000_000)),
        ("2 MB of one text", posted(POSTS[3], '{"architecture":"' + "x" * 2_000_000 + '"}')),
    ]
    for kind, data in long:
        yield kind, data

    def deep_json():
        opening, closing = draw.choice((("[", "]"), ('{"a":', "}"), ('{"architectures":[', "]}")))
        body = opening * deep + draw.choice(("", "1")) + (closing * deep if draw.random() < 0.7 else "")
        return "deep JSON", posted(draw.choice(POSTS), body)

    def bad_json():
        body = draw.choice((
            "", "{", "nul", '{"architectures":', '{"architectures":[1,]}', '{"architectures":[-1]}', "[1]", '"x"', "0",
            '{"architectures":["\\ud800"]}', '{"architectures":[1e400]}', '{"architectures":{"a":1}}', '{"queries":-1}',
            '{"queries":1.5}', '{"queries":1,"queries":2}', '{"epoch":1}', '{"architecture":null}', "{'a':1}",
            '{"predictions":[NaN],"architectures":["x"]}', '{"architectures":["x"],"predictions":[]}', "\x00",
            "\ufeff{}", json.dumps({draw.choice(texts): 1}), json.dumps({"architectures": [draw.choice(texts)]}),
            json.dumps({"incumbent": draw.choice(texts)}), json.dumps({"architecture": draw.choice(texts)})))
        return "bad JSON", posted(draw.choice(POSTS), body)

    def bad_bytes():
        body = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 64)))
        kind = draw.choice(("application/json", "application/vnd.nasatlas.batch", "text/plain", "", "x", "a/b;" * 20))
        return "bytes", posted(draw.choice(POSTS), body, kind)

    def bad_parameter():
        target, names = draw.choice([(t, n) for t, n in GETS.items() if n and not t.endswith("export")])
        return "parameter", request("GET", f"{target}?{draw.choice(names)}={quote(draw.choice(texts), '')}")

    def bad_query():
        target = draw.choice(list(GETS)[:-1])
        query = draw.choice(("%", "%zz", "a=%ff%fe", "&&&&", "=", "a=b=c", "dataset=cifar10&dataset=cifar100", 
                             "x" * 500, "%00=%00", "where=" + "(" * 3_000, "where=" + "%28" * 2_000,
                             "where=" + "a%3D1+and+" * 500,
                             "where=" + "not+" * 1_500, "show=" + "&show=".join("abcdefghij"), "count=1e3", "count=",
                             "limit=0", "page=" + "A" * 300, "epoch=best-so-far:", "seed=" + "9" * 100))
        return "query", request("GET", f"{target}?{query}")

    def bad_path():
        return "path", request("GET", draw.choice(PATHS).format(quote(draw.choice(texts), "")))

    def bad_method():
        method = draw.choice(("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "G", "POST",
                              "X" * 200, "PRI", "HEAD"))
        return "method", request(method, draw.choice([*GETS, *POSTS, "*", "/"]), [("Connection", "close")])

    def bad_chunks():
        head = request("POST", POSTS[0], [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
        rest = draw.choice((b"zz\r\n", b"-1\r\n\r\n", b"ffffffffffffffff\r\n", b"5\r\n{\r\n0\r\n\r\n", 
                            b"1;a=b\r\n{\r\n0\r\nX: y",
                            b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n", b"\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"2\n{}\n0\n\n",
                            b"ffffffffffffffffffffffff\r\nx", b"1\r\n{}\r\n"))
        return "chunks", head + rest

    def bad_head():
        body = b"{}"
        headers = draw.choice((
            [("Content-Length", "-1")], [("Content-Length", "2"), ("Content-Length", "3")], [("Content-Length", "x")],
            [("Content-Length", "99999999999999999999")], [("Transfer-Encoding", "gzip, chunked")], [("", "x")],
            [("Content-Length", "2"), ("Transfer-Encoding", "chunked")], [("Transfer-Encoding", "identity")],
            [("Expect", "200-maybe")], [("Range", "bytes=" + "0-1," * 20)], [("Range", "bytes=9-1")],
            [("X" * 300, "y")],
            [("Accept", "\x01")], [("If-None-Match", '"' * 500)], [("Accept-Encoding", "gzip;q=x, *;q=" + "9" * 50)],
            [("Authorization", "Bearer " + "A" * 5_000)], [("Host", "other")], [("a b", "c")], [("X", "é\u0301")],
            [("X-Request-ID", "x" * 500)], [("X-Request-ID", "a\tb")], [("Cookie", "a=" * 900)],
            [("Connection", "close, x")],
            [("Upgrade", "h2c"), ("Connection", "Upgrade")], [(f"X-{n}", "y") for n in range(150)],
            [("X", "y" * 30_000)], [("Content-Encoding", "gzip")], [("Accept-Charset", "\x7f")]))
        return "head", request(draw.choice(("GET", "POST")), draw.choice([*list(GETS)[:-1], *POSTS]), headers, body)

    def bad_line():
        line = draw.choice((b"", b"GET", b"GET /", b"GET / HTTP/9.9", b"GET / HTTP/1.1 x", b"GET  / HTTP/1.1",
                            b"\x16\x03\x01", b"PRI * HTTP/2.0", b"GET / FTP/1.1", b"\x00\x00",
                            b"GET http://x/v1 HTTP/1.1",
                            b"GET v1 HTTP/1.1", b"GET \xff\xfe HTTP/1.1", b"GET /" + b"a" * 20_000 + b" HTTP/1.1",
                            b"GET /\x00 HTTP/1.1",
                            b"GET /v1/atlases HTTP/1.0", b"GET //v1///atlases HTTP/1.1", b"GET /?#x HTTP/1.1",
                            b"\r\n\r\n", b"GET /v1/../../x HTTP/1.1", b"GET /%2e%2e/%2e%2e HTTP/1.1"))
        return "line", line + b"\r\nHost: t\r\nConnection: close\r\n\r\n"

    kinds = [bad_json, bad_bytes, bad_parameter, bad_parameter, bad_query, bad_path, bad_method, bad_chunks, bad_head,
             bad_head, bad_line]
    for number in range(count - len(long)):
        yield deep_json() if number % 50 == 0 else draw.choice(kinds)()


def well_formed():
    """A request that must be answered, and what it must say."""
    return f"{ATLAS}/value?dataset=cifar10&architecture={quote(CELL, '')}", 91.5533333235677
