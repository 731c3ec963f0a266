import Foundation
import Records

extension DatasetRecipe {
  /// Outcome of a loan application from its first week.
  package static let bpic2012B = DatasetRecipe(
    name: "bpic2012-b",
    title: "BPI Challenge 2012: loan applications at a Dutch bank",
    about: "outcome of an application (cancelled, declined, approved) seven days after it was pre-accepted",
    sourceName: "4TU.ResearchData, BPI Challenge 2012, doi 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f",
    license: "4TU General Terms of Use: free with citation, not redistributed here",
    citation: "van Dongen B.: BPI Challenge 2012. Eindhoven University of Technology (2012)",
    classNames: ["cancelled", "declined", "approved"],
    splitMeaning: seededSplit,
    categoricalFeatures: ["activity", "resource"], numericFeatures: ["amount_requested"], sequenceLength: 64,
    primaryMetric: .accuracy,
    knownDefects: [
      "399 pre-accepted applications have no outcome in the log and are left out.",
      "7 % of the events name no resource.",
      "Leak warning: a sequence ends seven days after pre-acceptance or just before the first event that settles the "
        + "outcome, whichever is first; ending early is itself a hint (1,977 applications are settled within the week).",
    ],
    source: .userPath(accepts: "the log bpic2012.xes.gz, or the folder that holds it"),
    publishedClassCounts: [2_806, 1_916, 2_246],
    read: readBPIC2012)

  private static func readBPIC2012(_ path: URL) throws -> LabelledEvents {
    let inside = path.appendingPathComponent("bpic2012.xes.gz")
    let log = FileManager.default.fileExists(atPath: inside.path) ? inside : path
    let outcomes = ["A_CANCELLED", "A_DECLINED", "A_APPROVED"]
    let settling: Set<String> = Set(outcomes + ["A_REGISTERED", "A_ACTIVATED", "O_ACCEPTED", "O_DECLINED"])
    var table = EventTable(categoricalCount: 2, numericCount: 1)
    var labels: [Int] = []
    var index = 0
    try XESReader.forEachTrace(in: log) { trace in
      index += 1
      func malformed(_ problem: String) -> DatasetError {
        .unreadable(path: log.path, reason: "trace \(index): \(problem)")
      }
      let activities = trace.events.map { $0["concept:name"] ?? "" }
      let reached = outcomes.indices.filter { activities.contains(outcomes[$0]) }
      guard reached.count == 1, let accepted = activities.firstIndex(of: "A_PREACCEPTED") else { return }
      guard let name = trace.attributes["concept:name"] else { throw malformed("it has no name") }
      let times = try trace.events.map { event in
        guard let text = event["time:timestamp"], let seconds = Timestamp.seconds(text) else {
          throw malformed("an event's timestamp is \(event["time:timestamp"] ?? "missing")")
        }
        return seconds
      }
      let amount = trace.attributes["AMOUNT_REQ"].flatMap(Double.init)
      table.beginSequence(name)
      labels.append(reached[0])
      let end = times[accepted] + 7 * 86_400
      for (position, event) in trace.events.enumerated() {
        guard times[position] <= end, !settling.contains(activities[position]) else { break }
        let activity = activities[position] + " " + (event["lifecycle:transition"] ?? "")
        table.append(
          time: (times[position] - times[0]) / 3_600, categories: [activity, event["org:resource"] ?? ""],
          numbers: [amount])
      }
    }
    return LabelledEvents(table: table, labels: labels)
  }
}
