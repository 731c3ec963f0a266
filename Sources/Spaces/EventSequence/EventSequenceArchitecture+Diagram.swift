extension EventSequenceArchitecture {
  /// Blocks from events to classes; what an encoder layer does side by side stands side by side.
  var diagram: ArchitectureDiagram {
    var boxes: [ArchitectureDiagram.Box] = [.init("events", .input)]
    var arrows: [ArchitectureDiagram.Arrow] = []
    var last = [0]
    func add(_ labels: [String], _ kind: ArchitectureDiagram.Box.Kind = .operation) {
      let first = boxes.count
      boxes += labels.map { .init($0, kind) }
      let new = Array(first..<boxes.count)
      arrows += last.flatMap { source in new.map { .init(source, $0) } }
      last = new
    }
    if let stem {
      let width = stem.kernel == .wide ? "wide" : "\(stem.kernel.size(sequenceLength: 0))"
      add(["convolution \(width)" + (stem.dropout ? ", dropout" : "")])
    }
    if timeEncoding { add(["time encoding"]) }
    for (number, layer) in encoder.enumerated() {
      add(
        layer.operations.operations.map { operation in
          switch operation {
          case .attention: "attention, \(layer.attentionHeads ?? 1) heads"
          case .gru: "GRU"
          case .convolution: "convolution"
          }
        })
      add(["encoder \(number + 1)"], .node)
    }
    for (number, layer) in decoder.enumerated() {
      add(["self-attention, \(layer.selfHeads)"])
      add(["cross-attention, \(layer.crossHeads)"])
      add(["decoder \(number + 1)"], .node)
    }
    if head.spatialDropout { add(["spatial dropout"]) }
    add(["\(head.pooling) pooling"])
    add(["classes"], .output)
    return ArchitectureDiagram(boxes: boxes, arrows: arrows)
  }
}
