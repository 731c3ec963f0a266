public import Benchmarks
import Records
import Store

/// An atlas as pages show it.
public struct PageAtlas: Sendable {
  /// The name that addresses have.
  public let name: String
  public let benchmark: Benchmark

  public init(name: String, benchmark: Benchmark) {
    self.name = name
    self.benchmark = benchmark
  }

  /// True where test values are withheld: no page shows them or anything that follows from them.
  var isSealed: Bool { benchmark.disclosure == .sealed }

  var path: String { "/atlases/\(HTML.percentEncoded(name))" }

  /// What may be shown of a setting, in the order of the atlas.
  func measures(_ setting: Setting) -> [Setting.Measure] { benchmark.shownMeasures(of: setting) }

  /// False for an atlas without runs, and where all values of metrics are withheld.
  var showsMetrics: Bool { benchmark.atlas.settings.contains { !measures($0).isEmpty } }

  /// A setting as pages call it: the data set and the protocol, behind the space where there are several.
  func settingName(_ setting: Setting) -> String {
    let name = benchmark.name(setting)
    return Set(benchmark.atlas.settings.map(\.space)).count > 1 ? "\(setting.space): \(name)" : name
  }
}
