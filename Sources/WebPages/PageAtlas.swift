public import Benchmarks
import Records
import Store

/// An atlas as pages show it.
public struct PageAtlas: Sendable {
  /// The name that addresses have.
  public let name: String
  public let benchmark: Benchmark
  /// True where values of test splits are withheld: no page shows them or anything that follows from them.
  public let isSealed: Bool

  public init(name: String, benchmark: Benchmark, isSealed: Bool = false) {
    self.name = name
    self.benchmark = benchmark
    self.isSealed = isSealed
  }

  var path: String { "/atlases/\(HTML.percentEncoded(name))" }

  /// What may be shown of a setting, in the order of the atlas.
  func measures(_ setting: Setting) -> [Setting.Measure] {
    setting.measures.filter { !isWithheld($0.split) && !isWithheld(FilterField($0.metric.name)) }
  }

  func isWithheld(_ split: Split) -> Bool { isSealed && split != .train && split != .validation }

  /// Whether a field would tell something of a withheld split.
  func isWithheld(_ field: FilterField) -> Bool {
    isSealed && field.text.lowercased().contains("test")
  }

  /// A setting as pages call it: the data set and the protocol, behind the space where there are several.
  func settingName(_ setting: Setting) -> String {
    let name = benchmark.name(setting)
    return Set(benchmark.atlas.settings.map(\.space)).count > 1 ? "\(setting.space): \(name)" : name
  }
}
