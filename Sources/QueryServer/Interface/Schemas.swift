import Benchmarks
import Records

/// The named schemas of the interface.
enum Schemas {
  static let all: [String: JSONValue] = [
    "Number": .object([
      "description": "A number; NaN and infinities are texts.",
      "anyOf": .array([
        .object(["type": "number"]), .object(["type": "string", "enum": .array(["nan", "inf", "-inf"])]),
      ]),
    ]),
    "Problem": Schema.object([
      "type": Schema.text, "status": Schema.integer, "code": Schema.text, "title": Schema.text,
      "detail": Schema.text, "hint?": Schema.text, "allowed?": Schema.array(Schema.text),
      "retryAfterSeconds?": Schema.integer,
    ]),
    "AtlasSummary": Schema.object([
      "name": Schema.text, "title?": Schema.text, "digest": Schema.digest, "bytes": Schema.integer,
      "architectures": Schema.integer, "runs": Schema.integer, "isSealed": Schema.flag,
    ]),
    "Atlas": Schema.object([
      "name": Schema.text, "title?": Schema.text, "digest": Schema.digest, "format": Schema.integer,
      "bytes": Schema.integer, "architectures": Schema.integer, "runs": Schema.integer, "isSealed": Schema.flag,
      "spaces": Schema.array(
        Schema.object(["name": Schema.text, "architectures": Schema.integer, "definition?": Schema.record])),
      "settings": Schema.array(setting), "quantities": Schema.array(Schema.reference("Quantity")),
      "metrics": Schema.array(Schema.record),
      "datasets": Schema.array(Schema.record), "protocols": Schema.array(Schema.record),
      "sources": Schema.array(Schema.record),
    ]),
    "ArchitectureLine": Schema.object([
      "place": Schema.integer, "id": Schema.id, "space": Schema.text, "canonicalText": Schema.text,
    ]),
    "Architecture": architecture, "Context": context, "Absent": absent,
    "Answer": Schema.object([
      "architecture": Schema.reference("Architecture"), "context": Schema.reference("Context"),
      "points": Schema.array(
        Schema.object([
          "seed": seed, "status": Schema.text, "epoch": Schema.integer, "value": Schema.number, "source?": Schema.text,
          "trainSeconds?": Schema.object(["seconds": Schema.number, "isDerived": Schema.flag]),
        ])), "absent": Schema.array(Schema.reference("Absent")), "value?": Schema.number,
      "standardDeviation?": Schema.number, "prediction?": Schema.record, "simulation?": Schema.record,
    ]),
    "CurveAnswer": Schema.object([
      "architecture": Schema.reference("Architecture"), "context": Schema.reference("Context"),
      "runs": Schema.array(
        Schema.object([
          "seed": seed, "status": Schema.text, "epochs": Schema.array(Schema.integer),
          "values": Schema.array(Schema.number), "source?": Schema.text,
        ])), "absent": Schema.array(Schema.reference("Absent")),
      "mean?": Schema.array(
        Schema.object(["epoch": Schema.integer, "value": Schema.number, "standardDeviation?": Schema.number])),
    ]),
    "Ledger": Schema.object([
      "terms": Schema.object([
        "id": Schema.id, "atlas": Schema.text, "atlasDigest": Schema.digest, "question": Schema.record,
        "limits": Schema.record,
      ]),
      "spent": Schema.object([
        "queries": Schema.integer, "epochs": Schema.integer, "simulatedTrainingSeconds": Schema.number,
        "untimedQueries": Schema.integer,
      ]), "remaining": Schema.record, "asks": Schema.integer,
      "report?": Schema.object([
        "incumbent": Schema.id, "canonicalText": Schema.text, "atlasDigest": Schema.digest, "asked": outcome,
        "test?": outcome,
      ]),
    ]),
    "Place": place, "Quantity": quantity,
    "Ranking": Schema.object([
      "context": Schema.reference("Context"), "sources": Schema.array(Schema.text),
      "fieldUnits": Schema.map(Schema.text), "filter?": Schema.text, "runFilter?": Schema.text,
      "architectureFilter?": Schema.text, "candidates": Schema.integer, "omitted": omitted,
      "places": Schema.array(Schema.reference("Place")),
    ]),
    "FieldRanking": Schema.object([
      "space": Schema.text, "dataset?": Schema.text, "protocolName?": Schema.text, "objective": objective,
      "fieldUnits": Schema.map(Schema.text), "filter?": Schema.text, "runFilter?": Schema.text,
      "architectureFilter?": Schema.text,
      "candidates": Schema.integer, "omitted": omitted, "places": Schema.array(Schema.reference("Place")),
      "kind": Schema.text, "atlasDigest": Schema.digest,
    ]),
    "ParetoAnswer": Schema.object([
      "space": Schema.text, "dataset?": Schema.text, "datasetDigest?": Schema.digest, "protocolName?": Schema.text,
      "protocolDigest?": Schema.digest, "sources": Schema.array(Schema.text), "seeds?": Schema.text,
      "objectives": Schema.array(objective), "filter?": Schema.text, "runFilter?": Schema.text,
      "architectureFilter?": Schema.text, "candidates": Schema.integer, "omitted": omitted,
      "front": Schema.array(
        Schema.object(["architecture": Schema.reference("Architecture"), "values": Schema.array(Schema.number)])),
      "kind": Schema.text, "atlasDigest": Schema.digest,
    ]),
    "NeighborAnswer": Schema.object([
      "space": Schema.text, "id": Schema.id, "canonicalText": Schema.text, "value?": Schema.number,
      "context": Schema.reference("Context"), "neighbors": Schema.integer,
      "places": Schema.array(Schema.reference("Place")),
    ]),
  ]

  private static let omitted = Schema.array(
    Schema.object([
      "reason": .object(["type": "string", "enum": .array(Omission.Reason.allCases.map { .string($0.rawValue) })]),
      "architectures": Schema.integer,
    ]))
  private static let seed: JSONValue = .object(["type": .array(["integer", "string", "object"])])
  private static let architecture = Schema.object([
    "space": Schema.text, "id": Schema.id, "canonicalText": Schema.text,
  ])
  private static let context = Schema.object([
    "space": Schema.text, "dataset": Schema.text, "datasetDigest?": Schema.digest, "protocolName?": Schema.text,
    "protocolDigest": Schema.digest, "metric": Schema.text, "unit": Schema.text, "largerIsBetter": Schema.flag,
    "split": Schema.text, "epoch": Schema.text, "seeds": Schema.text, "kind": Schema.text,
    "atlasDigest": Schema.digest,
    "fidelity?": Schema.object(["name": Schema.text, "unit": Schema.text, "levels?": Schema.array(Schema.number)]),
  ])
  private static let absent = Schema.object(["seed": seed, "status": Schema.text, "reason": Schema.text])
  private static let outcome = Schema.object([
    "value": Schema.number, "best": Schema.number, "regret": Schema.number,
  ])
  private static let place = Schema.object([
    "rank": Schema.integer, "architecture": Schema.reference("Architecture"), "value": Schema.number,
    "runs": Schema.integer, "fields": Schema.map(Schema.number),
  ])
  private static let objective = Schema.object([
    "field": Schema.text, "direction": Schema.text, "unit?": Schema.text,
  ])
  private static let setting = Schema.object([
    "space": Schema.text, "dataset": Schema.text, "datasetDigest?": Schema.digest, "protocolName": Schema.text,
    "protocolDigest": Schema.digest, "runs": Schema.integer, "primaryMetric?": Schema.text,
    "hasRecordedBestEpochs": Schema.flag, "measures": Schema.array(Schema.text),
    "sources": Schema.array(Schema.text),
  ])
  private static let quantity = Schema.object([
    "space": Schema.text, "name": Schema.text, "unit": Schema.text, "device?": Schema.text,
    "conditions": Schema.map(Schema.text), "dataset?": Schema.text, "split?": Schema.text,
    "protocolDigest?": Schema.digest, "source?": Schema.text, "measurements": Schema.integer,
  ])
}
