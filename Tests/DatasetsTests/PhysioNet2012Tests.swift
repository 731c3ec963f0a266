import Datasets
import Foundation
import Records
import Testing

@Suite struct PhysioNet2012Tests {
  private func write(record: String, to folder: URL) throws {
    for (set, name) in [("a", "1"), ("b", "2"), ("c", "3")] {
      let sets = folder.appendingPathComponent("set-\(set)")
      try FileManager.default.createDirectory(at: sets, withIntermediateDirectories: true)
      let outcomes =
        "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n\(name),6,1,5,-1,1\n\(name)9,1,1,1,1,0\n"
      try Data(outcomes.utf8).write(to: folder.appendingPathComponent("Outcomes-\(set).txt"))
      let head = "Time,Parameter,Value\n00:00,RecordID,\(name)\n00:00,Age,50\n00:00,Gender,1\n00:00,Height,-1\n"
      try Data((head + record).utf8).write(to: sets.appendingPathComponent("\(name).txt"))
      try Data(head.utf8).write(to: sets.appendingPathComponent("\(name)9.txt"))
    }
  }

  @Test func officialSetsBecomeSplitsAndEmptyRecordsGo() throws {
    try withTemporaryFolder { folder in
      try write(record: "00:00,Weight,70\n00:30,HR,80\n01:10,Weight,-1\n01:05,,\n00:00,HR,60\n", to: folder)
      #expect(throws: DatasetError.self) { try DatasetRecipe.physioNet2012.read(folder) }
      try write(record: "00:00,Weight,70\n00:30,HR,80\n01:10,Weight,-1\n01:05,,5\n00:00,HR,60\n", to: folder)
      let read = try DatasetRecipe.physioNet2012.read(folder)
      #expect(read.table.sequences == ["1", "2", "3"])
      #expect(read.official == [.train, .validation, .test])
      #expect(read.labels == [1, 1, 1])
      #expect(Array(read.table.times.prefix(3)) == [0, 30, 70])
      let numbers = read.table.numbers.prefix(12).map { $0.isNaN ? -9 : $0 }
      #expect(numbers == [60, 50, -9, 70, 80, 50, -9, 70, -9, 50, -9, 70])
    }
  }

  @Test(arguments: ["24-00,HR,1\n", "0:00,HR,1\n", "01:00,HR,x\n", "01:00,HR\n"])
  func malformedRecordsAreRefusedWithTheirLine(record: String) throws {
    try withTemporaryFolder { folder in
      try write(record: record, to: folder)
      let error = #expect(throws: DatasetError.self) { try DatasetRecipe.physioNet2012.read(folder) }
      guard case .malformedRow(_, 6, _, _, _) = error else {
        Issue.record("got \(String(describing: error))")
        return
      }
    }
  }

  @Test func whatTarCannotReadIsAnErrorWithARemedy() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("physionet2012.tar.xz")
      try Data("no archive".utf8).write(to: file)
      let error = #expect(throws: DatasetError.self) { try DatasetRecipe.physioNet2012.read(file) }
      #expect(error?.code == "datasets.archive_tool_failed")
      #expect(error?.exitStatus == .unavailable)
    }
  }
}
