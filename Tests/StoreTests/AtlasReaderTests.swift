import Foundation
import Records
import Store
import Testing

/// Promise R11 for SQL and Python: whoever reads an atlas as `docs/file-format.md` says gets the same bits.
@Suite struct AtlasReaderTests {
  private static let program = """
    def word(value):
        return "-" if value is None else struct.pack(">d", value).hex()

    db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)
    texts = dict(db.execute("SELECT id, text FROM architectures"))
    lists = dict(db.execute("SELECT * FROM position_lists"))
    sources = dict(db.execute("SELECT id, name FROM sources"))
    splits = dict(db.execute("SELECT * FROM splits"))
    for (space, dataset, digest, protocol), found, details in read_runs(db):
        field = lambda name: found.get(("run", name, None))
        number = int(field("seed_high") or 0) << 32 | int(field("seed_low") or 0)
        name = [space, dataset, digest, protocol, texts[field("architecture")],
                "%d/%d" % (field("seed_kind") or 0, number)]
        source = field("source")
        say = lambda *parts: print("|".join(name + [str(part) for part in parts]))
        say("run", int(field("status") or 0), sources[source] if source else "-",
            word(field("score_validation")))
        for kind, metric, split in found:
            if kind == "final":
                epochs, values = read_curve(found, metric, split, lists)
                say("curve", metric, splits[split], epochs, " ".join(map(word, values)))
            if kind == "epoch_cost":
                say(kind, metric, " ".join(map(word, found[kind, metric, split])))
            if kind in ("count", "cost", "attribute"):
                say(kind, metric, word(found[kind, metric, split]))
        if details:
            say("details", details.get("arm", "-"), details.get("statusDetail", "-"),
                ",".join(details.get("teachers", [])), details.get("provenance", {}).get("startedAt", "-"),
                ",".join(sorted(details.get("attributes", {}))))
    names = dict((row[0], row[1:]) for row in db.execute("SELECT id, name, device, conditions FROM quantities"))
    for quantity, architecture, value, cost in read_measurements(db):
        print("|".join(["measurement", *map(str, names[quantity]), texts[architecture], word(value), word(cost)]))
    """

  private static func word(_ value: Double?) -> String {
    value.map { String(format: "%016lx", $0.bitPattern) } ?? "-"
  }

  /// What the program must print of a run.
  private static func lines(_ record: RunRecord) -> [String] {
    let key = record.key
    let name = [
      key.space, key.dataset, key.datasetDigest?.hex.uppercased() ?? "", key.protocolDigest.hex.uppercased(),
      key.architecture, "\(key.seed.kind)/\(key.seed.number)",
    ]
    var lines: [[String]] = [
      ["run", "\(record.status.number)", record.source ?? "-", word(record.score?.validation)]
    ]
    for curve in record.curves where !curve.values.isEmpty {
      let epochs = (curve.at ?? Array(1...curve.values.count)).map(String.init).joined(separator: ", ")
      let values = curve.values.map { word($0) }.joined(separator: " ")
      lines.append(["curve", curve.metric.name, curve.split.rawValue, "[\(epochs)]", values])
    }
    for (name, count) in record.counts?.values ?? [:] { lines.append(["count", name, word(Double(count))]) }
    for (name, cost) in record.costs?.total ?? [:] { lines.append(["cost", name, word(cost)]) }
    for (name, list) in record.costs?.perEpoch ?? [:] {
      lines.append(["epoch_cost", name, list.map { word($0) }.joined(separator: " ")])
    }
    var others: [String] = []
    for (name, value) in record.attributes.sorted(by: { $0.key < $1.key }) {
      switch value {
      // Whole numbers are integers in JSON, so that there is no zero below zero.
      case .number(let number) where number.isFinite: lines.append(["attribute", name, word(number == 0 ? 0 : number)])
      case .integer(let number) where Double(exactly: number) != nil:
        lines.append(["attribute", name, word(Double(number))])
      default: others.append(name)
      }
    }
    let details = [
      record.origin?.arm ?? "-", record.statusDetail ?? "-", record.teachers.map(\.hex).joined(separator: ","),
      record.provenance?.startedAt ?? "-", others.joined(separator: ","),
    ]
    if details != ["-", "-", "", "-", ""] { lines.append(["details"] + details) }
    return lines.map { (name + $0).joined(separator: "|") }
  }

  @Test(.enabled(if: PythonReader.isThere, "python3 is not installed")) func pythonReadsEveryValue() throws {
    let workshop = try Workshop()
    var maker = SyntheticRuns(seed: 12)
    let runs = try maker.runs(300)
    let measurements = try maker.measurements(100)
    try workshop.atlas("a", runs, measurements)
    let printed = try PythonReader.runWithPage(Self.program, arguments: [workshop.file("a")])
    var expected = runs.flatMap(Self.lines)
    for measurement in measurements {
      let quantity = measurement.quantity
      expected.append(
        [
          "measurement", quantity.name, quantity.device ?? "None", try CanonicalJSON.text(quantity.conditions),
          measurement.architecture, Self.word(measurement.value), Self.word(measurement.costSeconds),
        ].joined(separator: "|"))
    }
    #expect(printed.count == expected.count)
    let difference = Set(printed.map(String.init)).symmetricDifference(expected)
    #expect(difference.isEmpty, "\(difference.sorted().prefix(4).joined(separator: "\n"))")
  }

  /// The digests of tables, as the page defines them.
  @Test(.enabled(if: PythonReader.isThere, "python3 is not installed")) func pythonTakesTheSameTableDigests() throws {
    let program = """
      import hashlib

      db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)
      for (table,) in db.execute("SELECT name FROM contents ORDER BY name").fetchall():
          columns = db.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
          keys = ",".join(name for pk, name in sorted((pk, name) for name, pk in columns if pk))
          digest = hashlib.sha256()
          for row in db.execute("SELECT * FROM %s ORDER BY %s" % (table, keys)):
              for value in row:
                  if value is None:
                      digest.update(b"\\0")
                  elif isinstance(value, int):
                      digest.update(b"\\1" + struct.pack("<q", value))
                  elif isinstance(value, float):
                      digest.update(b"\\2" + struct.pack("<d", value))
                  else:
                      content = value.encode() if isinstance(value, str) else value
                      kind = b"\\3" if isinstance(value, str) else b"\\4"
                      digest.update(kind + struct.pack("<Q", len(content)) + content)
          print(table, digest.hexdigest())
      """
    let workshop = try Workshop()
    var maker = SyntheticRuns(seed: 13)
    let manifest = try workshop.atlas("a", maker.runs(60), maker.measurements(40))
    let printed = try PythonReader.runWithPage(program, arguments: [workshop.file("a")])
    #expect(printed.map(String.init) == manifest.tables.map { "\($0.name) \($0.digest.hex)" }.sorted())
  }
}
