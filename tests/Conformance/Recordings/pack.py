#!/usr/bin/env python3
"""Packs recordings of real Nacos servers for the conformance tests: one zip a version.

    pack.py RECORDINGS_DIR RECORDER_DIR VERSION...

Keeps what the tests send and compare. Request bodies that the recorder shortened are rebuilt and checked by their digest; a request that cannot
be rebuilt (a zip of random bytes) is left out, and the zip's comment says so.
"""
import base64
import hashlib
import json
import os
import sys
import zipfile

sys.path.insert(0, sys.argv[2] if len(sys.argv) > 2 else "")
import rec_core                                         # of the recorder
import scen_zip

SENT_BY_RUNNER = {"host", "content-length"}
COMPARED = {"content-type", "content-md5", "config-type", "encrypted-data-key", "isbeta", "tag", "vipserver-tag", "last-modified", "content-disposition", "authorization",
            "www-authenticate", "location", "retry-after", "cache-control", "pragma", "probe-modify-response", "probe-modify-response-new"}
FAMILIES = ("auth", "http-v1", "http-v2", "http-v3-client", "http-v3-admin", "export-import", "longpoll", "grpc", "probe")


def repeated(note):
    """A body of one unit again and again behind its first parameters, as {prefix, unit, count}; None when the digest is another one."""
    head = note["head"]
    start = head.rfind("=") + 1
    for unit in (head[start:start + 1], head[start:start + 9]):
        count = (note["bytes"] - start) // len(unit)
        if hashlib.sha256((head[:start] + unit * count).encode()).hexdigest() == note["sha256"]:
            return {"prefix": head[:start], "unit": unit, "count": count}
    return None


def big_entry(note):
    """The multipart form with a zip of one entry of 1 MB, as base64; None when the digest is another one."""
    data = scen_zip.make_zip(("REC/rec.i1", "h" * (1 << 20)), (".metadata.yml", scen_zip.meta(("REC", "rec.i1", "text"))))
    body = rec_core.multipart([], "nacos_config_export.zip", data)[1]
    return base64.b64encode(body).decode() if hashlib.sha256(body).hexdigest() == note["sha256"] else None


def request(r):
    """The request in short, or None when it cannot be rebuilt."""
    out = {k: v for k, v in r.items() if k not in ("headers", "body_note", "payload_hex") and v not in (None, "")}
    if isinstance(r.get("headers"), list):
        out["headers"] = [h for h in r["headers"] if h[0].lower() not in SENT_BY_RUNNER and h != ["User-Agent", "acm-recorder/1"]]
    elif r.get("headers"):
        out["headers"] = r["headers"]
    note = r.get("body_note")
    if note and "sha256" in note:
        out.update(body_repeat=repeated(note)) if repeated(note) else out.update(body_base64=big_entry(note))
        if not (out.get("body_repeat") or out["body_base64"]):
            return None
    elif note:
        out["body_note"] = note
    if r.get("body") == "":
        out["body"] = ""
    return out


def response(r):
    out = {k: v for k, v in r.items() if k not in ("headers", "payload_hex")}
    if isinstance(r.get("headers"), list):
        out["headers"] = [h for h in r["headers"] if h[0].lower() in COMPARED]
    elif "headers" in r:
        out["headers"] = r["headers"]
    return out


def main():
    recordings, versions = sys.argv[1], sys.argv[3:]
    for version in versions:
        left_out = []
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), version + ".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            for family in FAMILIES:
                file = os.path.join(recordings, version, family + ".jsonl")
                if not os.path.exists(file):
                    continue
                lines = []
                with open(file, encoding="utf-8") as f:
                    for row in map(json.loads, f):
                        row = dict(row)
                        if row.get("request"):
                            row["request"] = request(row["request"])
                            if row["request"] is None:
                                left_out.append("%s/%s/%s" % (family, row["scenario"], row["step"]))
                                continue
                        if row.get("response"):
                            row["response"] = response(row["response"])
                        lines.append(json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False, separators=(",", ":")) + "\n")
                z.writestr(zipfile.ZipInfo(family + ".jsonl"), "".join(lines), zipfile.ZIP_DEFLATED, 9)
            if left_out:
                z.comment = ("left out: " + ", ".join(left_out)).encode()
        print("%s: %d bytes%s" % (path, os.path.getsize(path), "".join("\n  left out " + x for x in left_out)))


if __name__ == "__main__":
    main()
