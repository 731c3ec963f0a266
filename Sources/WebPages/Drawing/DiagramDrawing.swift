import Spaces

/// An architecture as SVG: layers from top to bottom, arrows that skip a layer in bows at the sides.
struct DiagramDrawing {
  private let diagram: ArchitectureDiagram
  private let colours: OperationColours
  /// By box: its layer, and the middle of the box.
  private let layers: [Int]
  private let centres: [(x: Double, y: Double)]
  private let widths: [Double]

  private static let height = 30.0
  private static let step = 78.0
  private static let gap = 18.0

  /// The layer of each box: one below the lowest box that leads to it.
  static func layers(of diagram: ArchitectureDiagram) -> [Int] {
    var layers = [Int](repeating: 0, count: diagram.boxes.count)
    for arrow in diagram.arrows.sorted(by: { $0.source < $1.source }) {
      layers[arrow.target] = max(layers[arrow.target], layers[arrow.source] + 1)
    }
    return layers
  }

  init(_ diagram: ArchitectureDiagram, _ colours: OperationColours) {
    self.diagram = diagram
    self.colours = colours
    let layers = Self.layers(of: diagram)
    let widths = diagram.boxes.map { Double($0.label.count) * 7.4 + 22 }
    var centres = [(x: Double, y: Double)](repeating: (0, 0), count: diagram.boxes.count)
    for layer in 0...(layers.max() ?? 0) {
      let members = layers.indices.filter { layers[$0] == layer }
      let whole = members.reduce(0) { $0 + widths[$1] } + Self.gap * Double(max(0, members.count - 1))
      var left = -whole / 2
      for box in members {
        centres[box] = (left + widths[box] / 2, Double(layer) * Self.step)
        left += widths[box] + Self.gap
      }
    }
    self.layers = layers
    self.centres = centres
    self.widths = widths
  }

  /// One figure that scales with its surroundings; `title` is what screen readers say.
  func svg(title: String) -> String {
    var shapes: [String] = []
    var reach = (left: 0.0, right: 0.0)
    for box in diagram.boxes.indices {
      reach.left = min(reach.left, centres[box].x - widths[box] / 2)
      reach.right = max(reach.right, centres[box].x + widths[box] / 2)
    }
    var bows = 0
    for arrow in diagram.arrows {
      let (shape, label, edge) = line(arrow, &bows)
      shapes += [shape, label]
      reach.left = min(reach.left, edge.left)
      reach.right = max(reach.right, edge.right)
    }
    for (box, centre) in zip(diagram.boxes.indices, centres) { shapes.append(rectangle(box, centre)) }
    let margin = 12.0
    let top = -Self.height / 2 - margin
    let bottom = Double(layers.max() ?? 0) * Self.step + Self.height / 2 + margin
    let (x, width) = (reach.left - margin, reach.right - reach.left + 2 * margin)
    return """
      <svg class="diagram" role="img" viewBox="\(Self.text(x)) \(Self.text(top)) \(Self.text(width)) \
      \(Self.text(bottom - top))" width="\(Self.text(width))" height="\(Self.text(bottom - top))">\
      <title>\(HTML.escaped(title))</title>\
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path d="M0 0 8 4 0 8z"/></marker></defs>\(shapes.joined())</svg>
      """
  }

  private func rectangle(_ box: Int, _ centre: (x: Double, y: Double)) -> String {
    let (x, y) = (Self.text(centre.x - widths[box] / 2), Self.text(centre.y - Self.height / 2))
    return """
      <g class="\(style(diagram.boxes[box]))"><rect x="\(x)" y="\(y)" width="\(Self.text(widths[box]))" \
      height="\(Self.text(Self.height))" rx="6"/><text x="\(Self.text(centre.x))" y="\(Self.text(centre.y + 4.5))">\
      \(HTML.escaped(diagram.boxes[box].label))</text></g>
      """
  }

  private func style(_ box: ArchitectureDiagram.Box) -> String {
    box.kind == .operation ? "operation \(colours.style(box.label))" : box.kind.rawValue
  }

  /// A straight line to the next layer, or a bow around what lies between.
  private func line(
    _ arrow: ArchitectureDiagram.Arrow, _ bows: inout Int
  ) -> (shape: String, label: String, reach: (left: Double, right: Double)) {
    let (from, to) = (centres[arrow.source], centres[arrow.target])
    let (startY, endY) = (from.y + Self.height / 2, to.y - Self.height / 2)
    let kind = arrow.isLive ? "arrow" + (arrow.label.map { " \(colours.style($0))" } ?? "") : "arrow dead"
    let span = layers[arrow.target] - layers[arrow.source]
    if span == 1 {
      let shape =
        "<path class=\"\(kind)\" d=\"M\(Self.text(from.x)) \(Self.text(startY))L\(Self.text(to.x)) "
        + "\(Self.text(endY))\"/>"
      let (x, y) = ((from.x + to.x) / 2, (startY + endY) / 2)
      return (shape, label(arrow, x + 6, y + 4, "start"), (x, x + 6 + Self.width(arrow.label)))
    }
    let side = bows % 2 == 0 ? -1.0 : 1.0
    bows += 1
    let between = layers.indices.filter { (layers[arrow.source]...layers[arrow.target]).contains(layers[$0]) }
    let widest = between.map { abs(centres[$0].x) + widths[$0] / 2 }.max() ?? 0
    // Bows of longer reach lie outside of shorter ones and their labels.
    let far = side * (widest + 34 + Double(span - 2) * (24 + Self.width(arrow.label) * 0.8))
    let startX = from.x + side * widths[arrow.source] / 2
    let endX = to.x + side * widths[arrow.target] / 2
    let shape =
      "<path class=\"\(kind)\" d=\"M\(Self.text(startX)) \(Self.text(from.y))C\(Self.text(far)) \(Self.text(from.y)) "
      + "\(Self.text(far)) \(Self.text(to.y)) \(Self.text(endX)) \(Self.text(to.y))\"/>"
    // A cubic curve passes three quarters of the way to its inner points.
    let middle = (startX + endX) / 8 + far * 3 / 4
    let x = middle + side * 6
    let width = Self.width(arrow.label)
    return (
      shape, label(arrow, x, (from.y + to.y) / 2 + 4, side < 0 ? "end" : "start"),
      side < 0 ? (x - width, 0) : (0, x + width)
    )
  }

  private func label(_ arrow: ArchitectureDiagram.Arrow, _ x: Double, _ y: Double, _ anchor: String) -> String {
    guard let text = arrow.label else { return "" }
    let kind = arrow.isLive ? "operation" : "operation dead"
    return """
      <text class="\(kind)" x="\(Self.text(x))" y="\(Self.text(y))" text-anchor="\(anchor)">\(HTML.escaped(text))</text>
      """
  }

  private static func width(_ label: String?) -> Double { Double(label?.count ?? 0) * 7.2 }

  private static func text(_ number: Double) -> String {
    let tenths = (number * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }
}
