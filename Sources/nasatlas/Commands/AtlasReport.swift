import Records
import Store

/// What `info` says of an atlas.
struct AtlasReport: Encodable {
  let path: String
  let digest: Digest256
  let bytes: Int
  let format: Int
  /// Version of nasatlas that published it.
  let version: String
  let architectures: Int
  let runs: Int
  let contents: AtlasContents
  let datasets: [DatasetCard]
  let protocols: [ProtocolCard]

  init(_ atlas: Atlas) throws {
    path = atlas.path
    digest = atlas.digest
    bytes = atlas.manifest.bytes
    format = atlas.manifest.format
    version = atlas.manifest.version
    architectures = try atlas.architectureCount()
    runs = try atlas.runCount()
    contents = try atlas.contents()
    datasets = try atlas.datasets()
    protocols = try atlas.protocols()
  }

  var text: String {
    var listing = Listing()
    if let title = contents.title { listing.add("title", title) }
    listing.add("atlas", path)
    listing.add("digest", digest.hex)
    listing.add("size", "\(NumberText.bytes(bytes)), format \(format), published by nasatlas \(version)")
    for space in contents.spaces {
      listing.add("space", "\(space.name), \(NumberText.count(space.architectures)) architectures")
    }
    for card in datasets {
      listing.add("data set", "\(card.name) (\(card.digest.short)), \(card.title)")
      listing.add("  licence", card.licence)
      listing.add("  cite", card.citation)
      listing.add("  classes", card.classNames.joined(separator: ", "))
      listing.add("  sequences", card.splitSizes)
      listing.add("  split", card.splitMeaning)
    }
    for card in protocols { listing.add("protocol", "\(card.name) (\(card.digest.short))") }
    listing.add("runs", "\(NumberText.count(runs))")
    for row in contents.runs {
      listing.add(
        "  \(row.status.rawValue)",
        "\(NumberText.count(row.runs)) on \(row.dataset) under \(protocolName(row.protocolDigest))")
    }
    return listing.text
  }

  private func protocolName(_ digest: Digest256) -> String {
    protocols.first { $0.digest == digest }?.name ?? digest.short
  }
}

extension DatasetCard {
  /// Sequences of each split, for people.
  var splitSizes: String {
    Split.parts.map { split in
      "\(NumberText.count((classCounts[split] ?? []).reduce(0, +))) \(split.rawValue)"
    }.joined(separator: ", ")
  }
}
