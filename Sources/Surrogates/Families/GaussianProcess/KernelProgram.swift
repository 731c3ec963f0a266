import Foundation

/// A ``KernelExpression`` made concrete by a training set: which columns, how scaled, and where each hyperparameter stands.
///
/// Hyperparameters are logarithms: first length scales in units of √d of their kernel (d columns), then the variances.
package struct KernelProgram: Sendable, Codable {
  /// A column of the inputs as distances see it: (x - shift) / scale.
  struct Column: Sendable, Codable {
    let source: Int
    let shift: Double
    let scale: Double
  }

  /// Columns that share a length scale.
  struct Group: Sendable, Codable {
    let columns: Range<Int>
    let parameter: Int
    let isMismatch: Bool
  }

  /// A node with its parts before it. The last is the root.
  enum Node: Sendable, Codable {
    case stationary(KernelShape, groups: Range<Int>, unit: Double)
    case scaled(Int, parameter: Int)
    case sum([Int])
    case product([Int])
  }

  let columns: [Column]
  let groups: [Group]
  let nodes: [Node]
  /// Hyperparameters that are length scales; the rest are variances.
  package let lengthScaleCount: Int
  package let parameterCount: Int

  /// Columns that are constant in `training` (N×D) are left out; what is unknown counts as the mean.
  package init(_ expression: KernelExpression, _ training: FeatureMatrix) throws {
    var builder = KernelProgramBuilder(training)
    _ = try builder.add(expression)
    columns = builder.columns
    groups = builder.groups
    lengthScaleCount = builder.lengthScaleCount
    parameterCount = builder.lengthScaleCount + builder.varianceCount
    let firstVariance = builder.lengthScaleCount
    nodes = builder.nodes.map { node in
      if case .scaled(let inner, let variance) = node { return .scaled(inner, parameter: firstVariance + variance) }
      return node
    }
  }

  /// Whether all indexes lie where they may, for inputs of `width` columns: what a file must be asked.
  func isConsistent(width: Int) -> Bool {
    guard !nodes.isEmpty, lengthScaleCount >= 0, parameterCount >= lengthScaleCount,
      columns.allSatisfy({ (0..<width).contains($0.source) && $0.shift.isFinite && $0.scale.isFinite && $0.scale > 0 }),
      groups.allSatisfy({
        $0.columns.lowerBound >= 0 && $0.columns.upperBound <= columns.count
          && (0..<lengthScaleCount).contains($0.parameter)
      })
    else { return false }
    return nodes.enumerated().allSatisfy { place, node in
      switch node {
      case .stationary(_, let range, let unit):
        range.lowerBound >= 0 && range.upperBound <= groups.count && unit.isFinite && unit > 0
      case .scaled(let inner, let parameter):
        (0..<place).contains(inner) && (lengthScaleCount..<parameterCount).contains(parameter)
      case .sum(let parts), .product(let parts):
        !parts.isEmpty && parts.allSatisfy { (0..<place).contains($0) }
      }
    }
  }

  /// k(x, x): the same for all x, as all kernels here are stationary.
  package func variance(_ parameters: [Double]) -> Double {
    var values: [Double] = []
    for node in nodes {
      switch node {
      case .stationary: values.append(1)
      case .scaled(let inner, let parameter): values.append(exp(parameters[parameter]) * values[inner])
      case .sum(let parts): values.append(parts.reduce(0) { $0 + values[$1] })
      case .product(let parts): values.append(parts.reduce(1) { $0 * values[$1] })
      }
    }
    return values.last ?? 0
  }

  /// 1/ℓ of every column.
  func inverseLengthScales(_ parameters: [Double]) -> [Double] {
    var scales = [Double](repeating: 1, count: columns.count)
    for node in nodes {
      guard case .stationary(_, let range, let unit) = node else { continue }
      for group in groups[range] {
        for column in group.columns { scales[column] = exp(-parameters[group.parameter]) / unit }
      }
    }
    return scales
  }

  /// The inputs as the program sees them: C×N, one run a column, before length scales.
  package func inputs(_ features: FeatureMatrix) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(columns.count * features.count)
    for column in columns {
      for row in 0..<features.count {
        let value = features.values[row * features.width + column.source]
        values.append(value.isFinite ? (value - column.shift) / column.scale : 0)
      }
    }
    return values
  }
}

/// Walks an expression and lays out columns, groups and nodes.
private struct KernelProgramBuilder {
  let training: FeatureMatrix
  var columns: [KernelProgram.Column] = []
  var groups: [KernelProgram.Group] = []
  var nodes: [KernelProgram.Node] = []
  var lengthScaleCount = 0
  var varianceCount = 0

  init(_ training: FeatureMatrix) { self.training = training }

  /// The place of the node that stands for `expression`.
  mutating func add(_ expression: KernelExpression) throws -> Int {
    switch expression {
    case .stationary(let shape, let distances):
      let first = groups.count
      let firstColumn = columns.count
      for distance in distances { try add(distance) }
      let unit = Double(max(1, columns.count - firstColumn)).squareRoot()
      nodes.append(.stationary(shape, groups: first..<groups.count, unit: unit))
    case .scaled(let inner):
      let place = try add(inner)
      nodes.append(.scaled(place, parameter: varianceCount))
      varianceCount += 1
    case .sum(let parts): nodes.append(.sum(try parts.map { try add($0) }))
    case .product(let parts): nodes.append(.product(try parts.map { try add($0) }))
    }
    return nodes.count - 1
  }

  private mutating func add(_ distance: KernelDistance) throws {
    guard let range = training.columns(of: distance.block) else {
      throw SurrogatesError.noEncoding(wanted: distance.block, known: training.blocks.map(\.name))
    }
    let start = columns.count
    for source in range {
      guard let column = column(source, distance) else { continue }
      columns.append(column)
      if distance.lengthScales == .each { addGroup(columns.count - 1..<columns.count, distance) }
    }
    if distance.lengthScales == .one, columns.count > start { addGroup(start..<columns.count, distance) }
  }

  private mutating func addGroup(_ columns: Range<Int>, _ distance: KernelDistance) {
    groups.append(.init(columns: columns, parameter: lengthScaleCount, isMismatch: distance.metric == .mismatch))
    lengthScaleCount += 1
  }

  /// nil for columns that are constant or not meant.
  private func column(_ source: Int, _ distance: KernelDistance) -> KernelProgram.Column? {
    var known: [Double] = []
    known.reserveCapacity(training.count)
    for row in 0..<training.count {
      let value = training.values[row * training.width + source]
      if value.isFinite { known.append(value) }
    }
    guard let first = known.first, known.contains(where: { $0 != first }) else { return nil }
    if distance.columns != .all {
      let isCategorical = Set(known).count <= 3 && known.allSatisfy { $0 == $0.rounded() }
      if isCategorical != (distance.columns == .categorical) { return nil }
    }
    if distance.metric == .mismatch { return .init(source: source, shift: 0, scale: 1) }
    let mean = known.reduce(0, +) / Double(known.count)
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
    let scale = variance.squareRoot()
    guard mean.isFinite, scale.isFinite, scale > 1e-12 * abs(mean) else { return nil }
    return .init(source: source, shift: mean, scale: scale)
  }
}
