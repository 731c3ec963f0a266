public import Foundation
import Records

/// The data sets that can be trained on, by name.
///
/// A set is prepared once from its tables (made by tools/setup) or from files that a user names, and kept in the cache
/// folder as one verified file, from which it loads in milliseconds.
public struct DatasetRegistry: Sendable {
  /// How a set is loaded.
  public struct Options: Sendable {
    /// Files of the user's, for the sets that tools/setup cannot fetch; ignored by the others.
    public var source: URL?
    public init(source: URL? = nil) { self.source = source }
  }

  /// Holds `tables/` (written by tools/setup) and `prepared/`.
  public let cacheFolder: URL

  public init(cacheFolder: URL) {
    self.cacheFolder = cacheFolder
  }

  /// The registry whose cache is `$XDG_CACHE_HOME/nasatlas`, else `~/.cache/nasatlas`. Throws where neither is known.
  public init(environment: [String: String]) throws {
    let root: URL
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      root = URL(fileURLWithPath: cache)
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      root = URL(fileURLWithPath: home).appendingPathComponent(".cache")
    } else {
      throw DatasetError.noCacheFolder
    }
    self.init(cacheFolder: root.appendingPathComponent("nasatlas"))
  }

  /// Names of all sets; the first is the one that is trained on by default.
  public static var names: [String] { recipes.map(\.name) }

  package static let recipes: [DatasetRecipe] = [
    .nafldAge4, .nycFlights13Age4, .cdnowChurn, .completeJourneyCoupon, .physioNet2012, .bpic2012B,
  ]

  package static func recipe(_ name: String) throws -> DatasetRecipe {
    guard let recipe = recipes.first(where: { $0.name == name }) else {
      throw DatasetError.unknownDataset(name: name, known: names)
    }
    return recipe
  }

  /// The set `name`: from its prepared file, or prepared now. Throws `DatasetError`.
  public func load(name: String, options: Options = Options()) throws -> EventDataset {
    let recipe = try Self.recipe(name)
    let file = preparedFile(name)
    if FileManager.default.fileExists(atPath: file.path),
      let dataset = try PreparedFile.read(file, recipeVersion: recipe.version)
    {
      return dataset
    }
    return try prepare(name: name, options: options)
  }

  /// Makes the prepared file of `name` from its source, whether or not there is one. Throws `DatasetError`.
  @discardableResult
  public func prepare(name: String, options: Options = Options()) throws -> EventDataset {
    let recipe = try Self.recipe(name)
    let place: URL
    switch recipe.source {
    case .tables: place = tableFolder(name)
    case .userPath(let accepts):
      guard let source = options.source else { throw DatasetError.sourceNeeded(dataset: name, accepts: accepts) }
      place = source
    }
    let dataset = try recipe.prepare(from: place)
    try PreparedFile.write(dataset, recipeVersion: recipe.version, to: preparedFile(name))
    return dataset
  }

  /// What is known of `name` without reading its data. Throws for an unknown name.
  public func info(name: String) throws -> DatasetInfo {
    let recipe = try Self.recipe(name)
    let files = FileManager.default
    var sourcePresent = false
    var needs: String?
    switch recipe.source {
    case .tables(let tables):
      sourcePresent = tables.allSatisfy {
        files.fileExists(atPath: tableFolder(name).appendingPathComponent($0.file).path)
      }
    case .userPath(let accepts): needs = accepts
    }
    return DatasetInfo(
      name: name, title: recipe.title, about: recipe.about, source: recipe.sourceName, license: recipe.license,
      citation: recipe.citation, classNames: recipe.classNames, sequenceCounts: recipe.publishedClassCounts,
      sequenceLength: recipe.sequenceLength, categoricalFeatures: recipe.categoricalFeatures,
      numericFeatures: recipe.numericFeatures, knownDefects: recipe.knownDefects, acceptedSource: needs,
      isPrepared: files.fileExists(atPath: preparedFile(name).path), tablesPresent: sourcePresent)
  }

  /// Where tools/setup leaves the tables of `name`.
  public func tableFolder(_ name: String) -> URL {
    cacheFolder.appendingPathComponent("tables").appendingPathComponent(name)
  }

  /// Where the prepared file of `name` lies.
  public func preparedFile(_ name: String) -> URL {
    cacheFolder.appendingPathComponent("prepared").appendingPathComponent("\(name).dataset")
  }
}
