/// An architecture as people draw it: boxes, and arrows from each to later ones.
public struct ArchitectureDiagram: Hashable, Sendable {
  public struct Box: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      /// Where data comes in, and where it goes out.
      case input, output
      /// Computes something.
      case operation
      /// Only adds or joins what arrives.
      case node
    }
    public let label: String
    public let kind: Kind

    public init(_ label: String, _ kind: Kind) {
      self.label = label
      self.kind = kind
    }
  }

  public struct Arrow: Hashable, Sendable {
    /// Places in ``boxes``; `source < target`.
    public let source: Int
    public let target: Int
    /// The operation that the arrow stands for; nil where data only passes.
    public let label: String?
    /// False for an operation that passes nothing.
    public let isLive: Bool

    public init(_ source: Int, _ target: Int, _ label: String? = nil, isLive: Bool = true) {
      self.source = source
      self.target = target
      self.label = label
      self.isLive = isLive
    }
  }

  public let boxes: [Box]
  public let arrows: [Arrow]

  public init(boxes: [Box], arrows: [Arrow]) {
    self.boxes = boxes
    self.arrows = arrows
  }

  /// Boxes one behind the other.
  static func chain(_ boxes: [Box]) -> ArchitectureDiagram {
    ArchitectureDiagram(boxes: boxes, arrows: boxes.indices.dropLast().map { Arrow($0, $0 + 1) })
  }
}
