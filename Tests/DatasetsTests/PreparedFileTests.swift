import Datasets
import Foundation
import Records
import Testing

@Suite struct PreparedFileTests {
  static func example() throws -> EventDataset {
    var table = EventTable(categoricalCount: 1, numericCount: 2)
    var generator = SeededGenerator(seed: 5)
    for sequence in 0..<25 {
      table.beginSequence("\(sequence)")
      for step in 0...generator.integer(below: 6) {
        table.append(
          time: Double(step), categories: [["x", "y", ""][generator.integer(below: 3)]],
          numbers: [generator.uniform(), nil])
      }
    }
    var recipe = DatasetRecipe.nafldAge4
    recipe.classNames = ["even", "odd"]
    recipe.numericFeatures = ["a", "b"]
    recipe.sequenceLength = 4
    return try recipe.assemble(LabelledEvents(table: table, labels: (0..<25).map { $0 % 2 }))
  }

  @Test func roundTrips() throws {
    try withTemporaryFolder { folder in
      let dataset = try Self.example()
      let file = folder.appendingPathComponent("deep/er/set.dataset")
      try PreparedFile.write(dataset, recipeVersion: 3, to: file)
      #expect(try PreparedFile.read(file, recipeVersion: 3) == dataset)
      #expect(try PreparedFile.read(file, recipeVersion: 4) == nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path).count == 1)
      let tensors = TensorBuilder.Tensors(
        cardinalities: dataset.categoricalCardinalities,
        splits: [.train: dataset.train, .validation: dataset.validation, .test: dataset.test])
      #expect(
        tensors.digest(name: dataset.card.name, sequenceLength: 4, numericCount: 2, classCount: 2)
          == dataset.card.digest)
      #expect(dataset.card.classCounts[.train] == [7, 8])
    }
  }

  @Test func everyFlippedBitAndEveryCutIsFound() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("set.dataset")
      try PreparedFile.write(try Self.example(), recipeVersion: 1, to: file)
      let good = try Data(contentsOf: file)
      func expectDamaged(_ bytes: Data, _ what: String) throws {
        try bytes.write(to: file)
        let error = #expect(throws: DatasetError.self, "\(what)") {
          try PreparedFile.read(file, recipeVersion: 1)
        }
        #expect(error?.code == "datasets.prepared_file_damaged", "\(what)")
      }
      for place in good.indices {
        var bad = good
        bad[place] ^= UInt8(1 << (place % 8))
        try expectDamaged(bad, "bit flipped in byte \(place)")
      }
      for length in stride(from: 0, to: good.count, by: 7) {
        try expectDamaged(good.prefix(length), "cut at \(length)")
      }
      try expectDamaged(good + Data([0]), "one byte more")
    }
  }

  /// A file of another version is made anew, if it is not damaged.
  @Test func otherVersions() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("set.dataset")
      try PreparedFile.write(try Self.example(), recipeVersion: 1, to: file)
      var other = try Data(contentsOf: file).dropLast(32)
      other[8] += 1
      try (other + Digest256(of: other).bytes).write(to: file)
      #expect(try PreparedFile.read(file, recipeVersion: 1) == nil)
      try (other + Digest256(of: Data()).bytes).write(to: file)
      #expect(throws: DatasetError.self) { try PreparedFile.read(file, recipeVersion: 1) }
    }
  }

  @Test func aDamagedHeaderUnderAValidChecksumIsFound() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("set.dataset")
      try PreparedFile.write(try Self.example(), recipeVersion: 1, to: file)
      let good = try Data(contentsOf: file)
      let text = String(decoding: good, as: UTF8.self)
      #expect(text.contains("\"length\":4"))
      for (old, new) in [
        ("\"length\":4", "\"length\":9"), ("\"length\":4", "\"length\":0"),
        ("\"cardinalities\":[3]", "\"cardinalities\":[2]"), ("\"validation\":5", "\"validation\":6"),
      ] {
        var bad = good.dropLast(32)
        let range = try #require(bad.range(of: Data(old.utf8), options: .backwards))
        bad.replaceSubrange(range, with: Data(new.utf8))
        try (bad + Digest256(of: bad).bytes).write(to: file)
        let error = #expect(throws: DatasetError.self, "\(new)") { try PreparedFile.read(file, recipeVersion: 1) }
        #expect(error?.code == "datasets.prepared_file_damaged")
      }
    }
  }
}
