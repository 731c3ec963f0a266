import Foundation

/// What arrives at the output of a four-node cell, as a sum of independent signals.
///
/// The input is one signal. An edge with a convolution makes a new signal of all that comes in, however much that is
/// (its normalisation fixes the scale); skips pass signals on; a pooling blurs each, which makes another signal of it. A
/// node adds what its edges bring. Signals that arrive on several ways add up: two skips from one node double it.
public struct FourNodeFlow: Hashable, Sendable {
  /// What the numbers of ``values`` are.
  public enum Feature: String, CaseIterable, Hashable, Sendable {
    /// Σc² over the signals at the output, c their coefficients: the output's variance where signals have variance 1.
    case power
    /// ln(power + 1).
    case logPower = "log-power"
    /// Over the signals, weighted by c²: how many convolutions lie behind them; how many of the space's last convolution
    /// and of the others; how many poolings. A signal made of several has their weighted mean, and one more.
    case depth
    case lastConvolutions = "last-convolutions"
    case otherConvolutions = "other-convolutions"
    case poolings
    /// The depth of the deepest signal.
    case largestDepth = "largest-depth"
    /// The share of power of the untouched input, of signals with no convolution behind them, and of blurred ones.
    case inputShare = "input-share"
    case shallowShare = "shallow-share"
    case blurredShare = "blurred-share"
    /// Signals.
    case signals
    /// The standard deviation of depth, weighted by c².
    case depthDeviation = "depth-deviation"
  }

  private struct Signal: Hashable {
    /// The edge that made it; −1 for the input. With the number of later poolings, what it is.
    let origin: Int
    var laterPoolings = 0
    var coefficient = 1.0
    /// Behind it: convolutions, the last one of the space, others, poolings.
    var behind = SIMD4<Double>.zero

    var power: Double { coefficient * coefficient }
  }

  private let signals: [Signal]

  init<S: FourNodeSpace>(_ architecture: S.Architecture, in space: S) {
    let roles = space.operations.map(\.role)
    let last = space.operations.lastIndex(where: \.isConvolution)
    let digits = architecture.digits
    var nodes = [[Signal(origin: -1)], [], [], []]
    for (edge, (source, target)) in FourNodeGraph.edges.enumerated() where !nodes[source].isEmpty {
      let arriving: [Signal]
      switch roles[digits[edge]] {
      case .none: continue
      case .skip: arriving = nodes[source]
      case .pooling, .other:
        arriving = nodes[source].map { signal in
          var blurred = signal
          blurred.laterPoolings += 1
          blurred.behind[3] += 1
          return blurred
        }
      case .convolution:
        let power = nodes[source].reduce(0) { $0 + $1.power }
        let behind = nodes[source].reduce(SIMD4<Double>.zero) { $0 + $1.behind * ($1.power / power) }
        let own = digits[edge] == last ? SIMD4(1.0, 1, 0, 0) : SIMD4(1.0, 0, 1, 0)
        arriving = [Signal(origin: edge, behind: behind + own)]
      }
      for signal in arriving {
        let same = nodes[target].firstIndex {
          $0.origin == signal.origin && $0.laterPoolings == signal.laterPoolings
        }
        if let same { nodes[target][same].coefficient += signal.coefficient } else { nodes[target].append(signal) }
      }
    }
    signals = nodes[3]
  }

  /// One number a ``Feature``; all 0 where nothing arrives.
  public var values: [Double] {
    let power = signals.reduce(0) { $0 + $1.power }
    guard power > 0 else { return Feature.allCases.map { _ in 0 } }
    func share(_ isCounted: (Signal) -> Bool) -> Double {
      signals.filter(isCounted).reduce(0) { $0 + $1.power } / power
    }
    let mean = signals.reduce(SIMD4<Double>.zero) { $0 + $1.behind * ($1.power / power) }
    let variance = signals.reduce(0) { sum, signal in
      sum + (signal.behind[0] - mean[0]) * (signal.behind[0] - mean[0]) * signal.power / power
    }
    return Feature.allCases.map { feature in
      switch feature {
      case .power: power
      case .logPower: log(power + 1)
      case .depth: mean[0]
      case .lastConvolutions: mean[1]
      case .otherConvolutions: mean[2]
      case .poolings: mean[3]
      case .largestDepth: signals.map { $0.behind[0] }.max() ?? 0
      case .inputShare: share { $0.origin < 0 && $0.laterPoolings == 0 }
      case .shallowShare: share { $0.behind[0] == 0 }
      case .blurredShare: share { $0.behind[3] > 0 }
      case .signals: Double(signals.count)
      case .depthDeviation: variance.squareRoot()
      }
    }
  }
}

extension FourNodeSpace {
  /// What arrives at the output of `architecture`.
  public func flow(of architecture: Architecture) -> FourNodeFlow { FourNodeFlow(architecture, in: self) }

  /// The summary of live paths, then the numbers of ``flow(of:)``.
  public func flowSummary(of architecture: Architecture) -> [Double] {
    livePathSummary(of: architecture) + flow(of: architecture).values
  }
}
