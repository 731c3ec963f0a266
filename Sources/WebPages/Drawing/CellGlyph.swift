import Spaces

/// A 48-pixel drawing of an architecture without text; colours show the operations.
struct CellGlyph {
  private static let side = 48.0

  /// Boxes from top to bottom, arrows of operations in their colours.
  static func svg(_ diagram: ArchitectureDiagram, _ colours: OperationColours) -> String {
    let layers = DiagramDrawing.layers(of: diagram)
    let last = Double(max(1, layers.max() ?? 1))
    let radius = min(4, 34 / (last + 1))
    var centres = [(x: Double, y: Double)](repeating: (0, 0), count: layers.count)
    for layer in 0...(layers.max() ?? 0) {
      let members = layers.indices.filter { layers[$0] == layer }
      let step = min(13, 36 / Double(max(1, members.count)))
      for (place, box) in members.enumerated() {
        let offset = Double(place) - Double(members.count - 1) / 2
        centres[box] = (side / 2 + offset * step, 5 + 38 * Double(layer) / last)
      }
    }
    var shapes: [String] = []
    var bows = 0
    for arrow in diagram.arrows {
      let span = layers[arrow.target] - layers[arrow.source]
      if span > 1 { bows += 1 }
      guard arrow.isLive else { continue }
      let (from, to) = (centres[arrow.source], centres[arrow.target])
      let kind = arrow.label.map { "e \(colours.style($0))" } ?? "e"
      let bend = span == 1 ? 0 : (bows % 2 == 1 ? -1.0 : 1.0) * min(36, 9 + 11 * Double(span))
      let middle = ((from.x + to.x) / 2 + bend, (from.y + to.y) / 2)
      shapes.append(
        "<path class=\"\(kind)\" d=\"M\(text(from.x)) \(text(from.y))Q\(text(middle.0)) \(text(middle.1)) "
          + "\(text(to.x)) \(text(to.y))\"/>")
    }
    for (box, centre) in zip(diagram.boxes, centres) {
      let isOperation = box.kind == .operation
      let size = isOperation ? radius : min(radius, 2.4)
      shapes.append(
        "<circle class=\"\(isOperation ? colours.style(box.label) : "n")\" cx=\"\(text(centre.x))\" "
          + "cy=\"\(text(centre.y))\" r=\"\(text(size))\"/>")
    }
    return frame(shapes)
  }

  /// A bar for each choice, as high as the place of its value among all values.
  static func svg(bars: [(place: Int, count: Int)]) -> String {
    let width = side / Double(max(1, bars.count))
    return frame(
      bars.enumerated().map { index, bar in
        let height = 4 + 40 * (bar.count > 1 ? Double(bar.place) / Double(bar.count - 1) : 1)
        return "<rect class=\"op1\" x=\"\(text(Double(index) * width + 1))\" y=\"\(text(side - 2 - height))\" "
          + "width=\"\(text(max(1, width - 2)))\" height=\"\(text(height))\"/>"
      })
  }

  private static func frame(_ shapes: [String]) -> String {
    "<svg class=\"glyph\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\" aria-hidden=\"true\">\(shapes.joined())</svg>"
  }

  private static func text(_ number: Double) -> String {
    let tenths = (number * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }
}
