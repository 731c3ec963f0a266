/// What stands at the right of a comparison: a value, or the name of a parameter that is bound later.
public enum FilterOperand: Hashable, Sendable {
  case value(FilterValue)
  /// `:name`, without the colon.
  case parameter(String)

  var filterText: String {
    switch self {
    case .value(let value): value.filterText
    case .parameter(let name): ":\(name)"
    }
  }
}
