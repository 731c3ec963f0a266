/// Slots of a space's own 0/1 encoding that belong to one choice, with what each slot means.
public struct SlotGroup: Hashable, Sendable {
  /// The choice, for example `edge 0→1` or `encoder layer 2, heads`.
  public let name: String
  /// One a slot, in the order of the encoding.
  public let labels: [String]

  public init(_ name: String, _ labels: [String]) {
    self.name = name
    self.labels = labels
  }

  /// Unary slots: the first is 1 from the value 1 on, the second from 2 on.
  static func unary(_ name: String, count: Int) -> SlotGroup { SlotGroup(name, (1...count).map { "≥\($0)" }) }
}

/// A space that says what the slots of ``Space/encode(_:)`` mean.
protocol LabelledSpace: Space {
  /// All slots, in their order.
  var slotGroups: [SlotGroup] { get }
}

extension LabelledSpace where Self: FourNodeSpace {
  /// The five operations of each edge.
  var slotGroups: [SlotGroup] {
    let names = Operation.allCases.map(\.name)
    return FourNodeGraph.edges.map { edge in
      SlotGroup("edge \(Self.node(edge.source))→\(Self.node(edge.target))", names)
    }
  }

  private static func node(_ number: Int) -> String { ["input", "1", "2", "output"][number] }
}

extension NASBench201Space: LabelledSpace {}
extension SpikeNASSpace: LabelledSpace {}

extension NATSSizeSpace: LabelledSpace {
  /// The channel counts of each stage.
  var slotGroups: [SlotGroup] {
    (1...Architecture.stages).map { SlotGroup("channels of stage \($0)", Architecture.channelCounts.map(String.init)) }
  }
}

extension GridSpace: LabelledSpace {
  /// The values of each parameter.
  var slotGroups: [SlotGroup] { zip(definition.parameters, spellings).map { SlotGroup($0.name, $1) } }
}

extension NASBenchGraphSpace: LabelledSpace {
  /// The node above nodes 2 to 4, then the operation of each node.
  var slotGroups: [SlotGroup] {
    let names = operations.map(\.name)
    return (1..<4).map { node in
      SlotGroup("node \(node + 1) below", (0...node).map { $0 == 0 ? "input" : "\($0)" })
    } + (1...4).map { SlotGroup("operation of node \($0)", names) }
  }
}

extension NASBench101Space: LabelledSpace {
  /// The edges from each vertex, then the operation of each inner vertex.
  var slotGroups: [SlotGroup] {
    func name(_ vertex: Int) -> String { vertex == 0 ? "input" : vertex == 6 ? "output" : "\(vertex)" }
    return (0..<6).map { source in SlotGroup("edges from \(name(source))", (source + 1...6).map(name)) }
      + (1...5).map { SlotGroup("operation of \($0)", NASBench101Operation.allCases.map(\.publishedName)) }
  }
}

extension EventSequenceArchitecture {
  /// What the slots of ``architectureVector`` mean.
  var slotGroups: [SlotGroup] {
    typealias Layout = EventSequenceVector
    let heads = Layout.headSlots
    let stem = [SlotGroup("stem kernel", ["1", "3", "5", "wide"]), SlotGroup("stem dropout", ["on"])]
    let body =
      [SlotGroup("time encoding", ["on"]), .unary("encoder layers", count: 4)]
      + (1...4).map { SlotGroup("encoder \($0), operations", OperationSet.allCases.map(\.spelling)) }
      + (1...4).map { SlotGroup.unary("encoder \($0), heads", count: heads) }
    let decoder =
      [.unary("decoder layers", count: 2)]
      + (1...2).map { SlotGroup("decoder \($0), operations", (1...Layout.operationSlots).map { "\($0)" }) }
      + (1...2).map { SlotGroup.unary("decoder \($0), self-attention heads", count: heads) }
      + (1...2).map { SlotGroup.unary("decoder \($0), cross-attention heads", count: heads) }
    let head = [SlotGroup("spatial dropout", ["on"]), SlotGroup("pooling", Pooling.allCases.map { "\($0)" })]
    return (self.stem == nil ? [] : stem) + body + decoder + head
  }
}
