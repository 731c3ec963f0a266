import Foundation
import Records

extension DatasetRecipe {
  /// Death in hospital from the first 48 hours in intensive care.
  package static let physioNet2012 = DatasetRecipe(
    name: "physionet2012",
    title: "PhysioNet Challenge 2012: 48 hours in intensive care",
    about: "death in hospital",
    sourceName: "PhysioNet/Computing in Cardiology Challenge 2012, sets a, b and c with outcomes",
    license: "ODC-BY-1.0",
    citation: "Silva I., Moody G., Scott D., Celi L., Mark R.: Predicting in-hospital mortality of ICU patients: the "
      + "PhysioNet/Computing in Cardiology Challenge 2012. Computing in Cardiology 39 (2012)",
    classNames: ["survived", "died"],
    splitMeaning: "the official sets: a is train, b is validation, c is test",
    categoricalFeatures: ["parameter", "gender", "icu_type"],
    numericFeatures: ["value", "age", "height", "admission_weight"], sequenceLength: 128,
    primaryMetric: .rocAUC,
    knownDefects: [
      "Twelve records hold no timed event and are dropped.",
      "-1 stands for missing; rows without a parameter are left out.",
      "Values are kept as recorded, in the unit of their parameter, outliers and all.",
      "Most stays have more than 128 events (median 424); the last 128 are kept.",
      "Set c comes from another copy than a and b; its ages could not be cross-checked.",
      "Leak warning: SAPS-I, SOFA, length of stay and survival in the outcome files are not features.",
    ],
    source: .userPath(accepts: "the folder with set-a, set-b, set-c and Outcomes-*.txt, or its .tar.xz"),
    publishedClassCounts: [10_281, 1_707],
    read: { try withUnpacked($0, readPhysioNet2012) })

  private static let statics = ["RecordID", "Age", "Gender", "Height", "ICUType"]

  private static func readPhysioNet2012(_ folder: URL) throws -> LabelledEvents {
    var table = EventTable(categoricalCount: 3, numericCount: 4)
    var labels: [Int] = []
    var official: [Split] = []
    for (set, split) in [("a", Split.train), ("b", .validation), ("c", .test)] {
      let outcomeFile = folder.appendingPathComponent("Outcomes-\(set).txt")
      let columns = ["RecordID", "SAPS-I", "SOFA", "Length_of_stay", "Survival", "In-hospital_death"]
      let remedy = "get set \(set) again from its publisher"
      let outcomes = try SourceFile.bytes(of: outcomeFile, remedy: remedy)
      let reader = CSVReader(file: outcomeFile.path, columns: columns, remedy: remedy)
      try reader.forEachRow(in: outcomes) { row in
        let name = row.text(0)
        let died = try row.number(5)
        guard died == 0 || died == 1, !name.isEmpty, name.utf8.allSatisfy({ (48...57).contains($0) }) else {
          throw row.malformed(nil, "a record number and 0 or 1 are needed")
        }
        let file = folder.appendingPathComponent("set-\(set)").appendingPathComponent("\(name).txt")
        if try appendRecord(name, file, remedy, to: &table) {
          labels.append(Int(died))
          official.append(split)
        }
      }
    }
    return LabelledEvents(table: table, labels: labels, official: official)
  }

  /// False where the record holds no timed event.
  private static func appendRecord(
    _ name: String, _ file: URL, _ remedy: String, to table: inout EventTable
  ) throws -> Bool {
    struct Measurement {
      var minute: Double
      var parameter: String
      var value: Double?
    }
    var known: [String: Double] = [:]
    var events: [Measurement] = []
    let data = try SourceFile.bytes(of: file, remedy: remedy)
    let reader = CSVReader(file: file.path, columns: ["Time", "Parameter", "Value"], remedy: remedy)
    try reader.forEachRow(in: data) { row in
      let minute = try row.withBytes(0) { clock -> Double in
        let digits = clock.map { Int($0) - 48 }
        guard clock.count == 5, clock[2] == UInt8(ascii: ":"),
          [0, 1, 3, 4].allSatisfy({ (0...9).contains(digits[$0]) })
        else { throw row.malformed(0, "the time is not HH:MM") }
        return Double(digits[0] * 600 + digits[1] * 60 + digits[3] * 10 + digits[4])
      }
      let parameter = row.text(1)
      let value = try row.number(2)
      if minute == 0, statics.contains(parameter) || parameter == "Weight" {
        if (known[parameter] ?? -1) == -1 { known[parameter] = value }
      } else if !parameter.isEmpty, !statics.contains(parameter) {
        events.append(Measurement(minute: minute, parameter: parameter, value: value == -1 ? nil : value))
      }
    }
    guard !events.isEmpty else { return false }
    func number(_ name: String) -> Double? { known[name].flatMap { $0 == -1 ? nil : $0 } }
    func category(_ name: String) -> String { number(name).map { String(Int($0)) } ?? "" }
    table.beginSequence(name)
    let order = events.indices.sorted { (events[$0].minute, $0) < (events[$1].minute, $1) }
    for index in order {
      let event = events[index]
      table.append(
        time: event.minute, categories: [event.parameter, category("Gender"), category("ICUType")],
        numbers: [event.value, number("Age"), number("Height"), number("Weight")])
    }
    return true
  }
}
