import Foundation

extension ParametricCurve {
  /// f(x; θ); not a finite number where the formula has no real value. `parameters` are ``parameterCount`` long.
  public func value(at epoch: Double, _ parameters: [Double]) -> Double {
    precondition(parameters.count == parameterCount, "\(rawValue) has \(parameterCount) parameters")
    return parameters.withUnsafeBufferPointer { value(epoch, log(epoch), $0.baseAddress.unsafelyUnwrapped) }
  }

  /// ∂f/∂θ, as long as θ.
  public func gradient(at epoch: Double, _ parameters: [Double]) -> [Double] {
    precondition(parameters.count == parameterCount, "\(rawValue) has \(parameterCount) parameters")
    return [Double](unsafeUninitializedCapacity: parameterCount) { buffer, count in
      parameters.withUnsafeBufferPointer {
        gradient(epoch, log(epoch), $0.baseAddress.unsafelyUnwrapped, buffer.baseAddress.unsafelyUnwrapped)
      }
      count = parameterCount
    }
  }

  /// f at x, whose logarithm is at hand: a power of x costs one exponential.
  @inline(__always)
  func value(_ x: Double, _ logX: Double, _ p: UnsafePointer<Double>) -> Double {
    switch self {
    case .vap: return exp(p[0] + p[1] / x + p[2] * logX)
    case .vapExponent: return p[0] + p[1] / x + p[2] * logX
    case .pow3: return p[0] - p[1] * exp(-p[2] * logX)
    case .logLogLinear: return log(p[0] * logX + p[1])
    case .hill3: return p[0] / (1 + exp(p[1] * (log(p[2]) - logX)))
    case .hill3Product:
      let power = exp(p[1] * logX)
      return p[0] * power / (p[2] * p[1] + power)
    case .hill4: return p[0] + p[1] / (1 + exp(p[2] * (log(p[3]) - logX)))
    case .logPower: return p[0] / (1 + exp(p[2] * (logX - p[1])))
    case .pow4: return p[0] - exp(-p[3] * log(p[1] * x + p[2]))
    case .mmf: return p[0] - (p[0] - p[1]) / (1 + exp(p[3] * (log(p[2]) + logX)))
    case .exp4: return p[0] - exp(-p[1] * exp(p[3] * logX) + p[2])
    case .exp3: return p[0] - exp(-p[1] * x + p[2])
    case .janoschek: return p[0] - (p[0] - p[1]) * exp(-p[2] * exp(p[3] * logX))
    case .weibull: return p[0] - (p[0] - p[1]) * exp(-exp(p[3] * (log(p[2]) + logX)))
    case .ilog2: return p[0] - p[1] / log1p(x)
    case .pow2: return p[0] * exp(-p[1] * logX)
    case .linear: return p[0] * x + p[1]
    case .logLinear: return p[0] * logX + p[1]
    case .gompertz: return p[0] * exp(-p[1] * exp(-p[2] * x))
    case .logistic: return p[0] / (1 + exp(-p[1] * (x - p[2])))
    case .bertalanffy: return p[0] * (1 - exp(-p[1] * x))
    case .saturatingGrowth: return p[0] * x / (p[1] + x)
    }
  }

  /// ∂f/∂θ at x into `d`.
  func gradient(_ x: Double, _ logX: Double, _ p: UnsafePointer<Double>, _ d: UnsafeMutablePointer<Double>) {
    switch self {
    case .vap:
      let f = exp(p[0] + p[1] / x + p[2] * logX)
      (d[0], d[1], d[2]) = (f, f / x, f * logX)
    case .vapExponent: (d[0], d[1], d[2]) = (1, 1 / x, logX)
    case .pow3:
      let power = exp(-p[2] * logX)
      (d[0], d[1], d[2]) = (1, -power, p[1] * power * logX)
    case .logLogLinear:
      let inner = p[0] * logX + p[1]
      (d[0], d[1]) = (logX / inner, 1 / inner)
    case .hill3: hill(p, logX, d)
    case .hill4:
      d[0] = 1
      hill(p + 1, logX, d + 1)
    case .hill3Product:
      let power = exp(p[1] * logX)
      let share = 1 / (p[2] * p[1] + power)
      d[0] = power * share
      d[1] = p[0] * power * p[2] * (p[1] * logX - 1) * share * share
      d[2] = -p[0] * power * p[1] * share * share
    case .logPower:
      let ratio = exp(p[2] * (logX - p[1]))
      let slope = -p[0] * ratio / ((1 + ratio) * (1 + ratio))
      (d[0], d[1], d[2]) = (1 / (1 + ratio), -slope * p[2], slope * (logX - p[1]))
    case .pow4:
      let inner = p[1] * x + p[2]
      let power = exp(-p[3] * log(inner))
      (d[0], d[1], d[2], d[3]) = (1, p[3] * power / inner * x, p[3] * power / inner, power * log(inner))
    case .mmf:
      let logScaled = log(p[2]) + logX
      let ratio = exp(p[3] * logScaled)
      let slope = (p[0] - p[1]) * ratio / ((1 + ratio) * (1 + ratio))
      (d[0], d[1], d[2], d[3]) = (1 - 1 / (1 + ratio), 1 / (1 + ratio), slope * p[3] / p[2], slope * logScaled)
    case .exp4:
      let power = exp(p[3] * logX)
      let gap = exp(-p[1] * power + p[2])
      (d[0], d[1], d[2], d[3]) = (1, gap * power, -gap, gap * p[1] * power * logX)
    case .exp3:
      let gap = exp(-p[1] * x + p[2])
      (d[0], d[1], d[2]) = (1, gap * x, -gap)
    case .janoschek:
      let power = exp(p[3] * logX)
      let gap = exp(-p[2] * power)
      let slope = (p[0] - p[1]) * gap * power
      (d[0], d[1], d[2], d[3]) = (1 - gap, gap, slope, slope * p[2] * logX)
    case .weibull:
      let logScaled = log(p[2]) + logX
      let power = exp(p[3] * logScaled)
      let gap = exp(-power)
      let slope = (p[0] - p[1]) * gap * power
      (d[0], d[1], d[2], d[3]) = (1 - gap, gap, slope * p[3] / p[2], slope * logScaled)
    case .ilog2: (d[0], d[1]) = (1, -1 / log1p(x))
    case .pow2:
      let power = exp(-p[1] * logX)
      (d[0], d[1]) = (power, -p[0] * power * logX)
    case .linear: (d[0], d[1]) = (x, 1)
    case .logLinear: (d[0], d[1]) = (logX, 1)
    case .gompertz:
      let inner = exp(-p[2] * x)
      let outer = exp(-p[1] * inner)
      (d[0], d[1], d[2]) = (outer, -p[0] * outer * inner, p[0] * outer * p[1] * inner * x)
    case .logistic:
      let power = exp(-p[1] * (x - p[2]))
      let slope = p[0] * power / ((1 + power) * (1 + power))
      (d[0], d[1], d[2]) = (1 / (1 + power), slope * (x - p[2]), -slope * p[1])
    case .bertalanffy:
      let gap = exp(-p[1] * x)
      (d[0], d[1]) = (1 - gap, p[0] * gap * x)
    case .saturatingGrowth:
      let share = x / (p[1] + x)
      (d[0], d[1]) = (share, -p[0] * share / (p[1] + x))
    }
  }

  /// θ / (1 + (κ/x)^η) after θ, η, κ.
  private func hill(_ p: UnsafePointer<Double>, _ logX: Double, _ d: UnsafeMutablePointer<Double>) {
    let logScaled = log(p[2]) - logX
    let ratio = exp(p[1] * logScaled)
    let slope = -p[0] * ratio / ((1 + ratio) * (1 + ratio))
    (d[0], d[1], d[2]) = (1 / (1 + ratio), slope * logScaled, slope * p[1] / p[2])
  }
}
