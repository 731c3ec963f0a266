import Datasets
import Foundation
import Records
import Testing

@Suite struct RecipeTests {
  private func write(_ files: [String: String], to folder: URL) throws {
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
  }

  private func nafldTables(events: String) -> [String: String] {
    var subjects = "sequence,age,male,case\n"
    for (index, age) in [30, 40, 50, 60, 70, 80, 90, 20].enumerated() { subjects += "\(index),\(age),0,\n" }
    return ["events.csv": "sequence,days,kind,value\n" + events, "subjects.csv": subjects]
  }

  @Test func nafldDropsCopiesAndTypingErrors() throws {
    try withTemporaryFolder { folder in
      var events = ""
      for subject in 0..<8 {
        events += "\(subject),-5,hdl,50\n\(subject),-5,chol,50\n\(subject),0,sbp,13682\n\(subject),0,dbp,120\n"
        events += "\(subject),1,sbp,120\n\(subject),2,smoke,1\n\(subject),2,nafld,\n\(subject),3,htn,\n"
        // Subject 7 has four events besides nafld.
        if subject < 7 { events += "\(subject),4,hdl,51\n" }
      }
      try write(nafldTables(events: events), to: folder)
      let read = try DatasetRecipe.nafldAge4.read(folder)
      #expect(read.table.sequences == ["0", "1", "2", "3", "4", "5", "6"])
      #expect(read.labels == [0, 0, 1, 1, 2, 3, 3])
      let first = read.table.events(of: 0)
      let kinds = first.map { read.table.vocabularies[0][Int(read.table.codes[$0])] }
      #expect(kinds == ["hdl", "sbp", "smoke", "nafld", "htn", "hdl"])
      #expect(first.map { read.table.numbers[$0] }.filter { !$0.isNaN } == [50, 120, 1, 51])
    }
  }

  @Test(arguments: [
    ("1,5,hdl,50\n1,4,hdl,50\n", 3, 2), ("1,5,hdl,50\n2,5,hdl,1\n1,6,hdl,50\n", 4, 1), ("1,x,hdl,50\n", 2, 2),
    ("1,,hdl,50\n", 2, 2), ("1,2,hdl,fifty\n", 2, 4),
  ])
  func malformedEventsAreRefusedWithTheirPlace(events: String, line: Int, column: Int) throws {
    try withTemporaryFolder { folder in
      try write(nafldTables(events: events), to: folder)
      let error = #expect(throws: DatasetError.self) { try DatasetRecipe.nafldAge4.read(folder) }
      guard case .malformedRow(_, line, column, _, let remedy) = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
      #expect(remedy.contains("tools/setup"))
    }
  }

  @Test func cdnowLabelsComeFromOctoberOn() throws {
    try withTemporaryFolder { folder in
      let events = "sequence,day,discs,dollars\n1,0,1,2\n1,272,1,3\n1,273,1,4\n2,0,1,2\n2,1,2,0\n3,5,1,1\n3,300,1,1\n"
      try write(["events.csv": events], to: folder)
      let read = try DatasetRecipe.cdnowChurn.read(folder)
      #expect(read.table.sequences == ["1", "2"])
      #expect(read.labels == [1, 0])
      #expect(read.table.times == [0, 272, 0, 1])
      let weekdays = read.table.codes.map { read.table.vocabularies[0][Int($0)] }
      #expect(weekdays == ["Wednesday", "Tuesday", "Wednesday", "Thursday"])
    }
  }

  @Test func couponLabelsIgnoreTheFirstHalfYear() throws {
    try withTemporaryFolder { folder in
      var events = "sequence,second,department,category,store,quantity,sales_value,retail_discount,coupon_discount,"
      events += "coupon_match_discount\n"
      for household in 1...4 {
        for line in 0..<(household == 4 ? 19 : 20) {
          events += "\(household),\(line),GROCERY,,7,\(line * 10),1,0,0,0\n"
        }
        events += "\(household),\(181 * 86_400),GROCERY,,7,1,1,0,0,0\n"
      }
      try write(
        ["events.csv": events, "redemptions.csv": "sequence,last_redemption_day\n1,180\n2,181\n"], to: folder)
      let read = try DatasetRecipe.completeJourneyCoupon.read(folder)
      #expect(read.table.sequences == ["1", "2", "3"])
      #expect(read.labels == [0, 1, 0])
      #expect(read.table.eventCount == 60)
      #expect(read.table.numbers[19 * 5] == 100)
    }
  }

  @Test func changedAndMissingTablesAreRefused() throws {
    try withTemporaryFolder { folder in
      let registry = DatasetRegistry(cacheFolder: folder)
      let missing = #expect(throws: DatasetError.self) { try registry.load(name: "nafld-age4") }
      #expect(missing?.code == "datasets.missing_file")
      #expect(missing?.remedy == "run tools/setup")
      let tables = registry.tableFolder("nafld-age4")
      try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
      try write(nafldTables(events: "1,2,hdl,3\n"), to: tables)
      let changed = #expect(throws: DatasetError.self) { try registry.load(name: "nafld-age4") }
      #expect(changed?.code == "datasets.source_changed")
      #expect(throws: DatasetError.unknownDataset(name: "nafld", known: DatasetRegistry.names)) {
        try registry.load(name: "nafld")
      }
      let unnamed = #expect(throws: DatasetError.self) { try registry.load(name: "bpic2012-b") }
      #expect(unnamed?.exitStatus == .usage)
    }
  }

  @Test func cacheFolderFollowsTheEnvironment() throws {
    let named = try DatasetRegistry(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"])
    #expect(named.cacheFolder.path == "/c/nasatlas")
    let relative = try DatasetRegistry(environment: ["XDG_CACHE_HOME": "c", "HOME": "/h"])
    #expect(relative.cacheFolder.path == "/h/.cache/nasatlas")
    #expect(throws: DatasetError.noCacheFolder) { try DatasetRegistry(environment: [:]) }
  }
}
