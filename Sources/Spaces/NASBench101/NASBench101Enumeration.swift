/// All cells of NAS-Bench-101 in ascending order of their codes, each class of isomorphic cells once.
///
/// Cells grow vertex by vertex. The beginning of a canonical code is the canonical code of the graph that it describes,
/// so that a beginning which is not canonical is left with all that would follow it.
struct NASBench101Enumeration {
  /// Calls `body` for each cell of up to `maximumVertices` vertices.
  static func forEach(maximumVertices: Int, _ body: (NASBench101Cell) -> Void) {
    for count in NASBench101Cell.vertexCounts.lowerBound...maximumVertices {
      grow(Beginning(), to: count, body)
    }
  }

  /// The input and the inner vertices after it; position p has bit p.
  private struct Beginning {
    var vertices = 1
    var edges = 0
    var sinks: UInt8 = 1
    /// Sources and operation of each vertex after the input.
    var sources: [UInt8] = []
    var operations: [NASBench101Operation] = []

    /// The code with an output whose sources are `outputSources`.
    func code(outputSources: UInt8) -> UInt64 {
      var code = UInt64(vertices + 1) << 56
      for index in 0..<(vertices - 1) {
        code |= UInt64(sources[index] << 2 | UInt8(operations[index].rawValue)) << UInt64(48 - 8 * index)
      }
      return code | UInt64(outputSources) << UInt64(58 - 8 * vertices)
    }

    /// True when no other order gives a smaller code with this output.
    func isCanonical(outputSources: UInt8) -> Bool {
      let code = code(outputSources: outputSources)
      return NASBench101Graph(NASBench101Cell(canonicalCode: code)).canonicalCode() == code
    }
  }

  private static func grow(_ beginning: Beginning, to count: Int, _ body: (NASBench101Cell) -> Void) {
    let vertexSet = UInt8(1 << beginning.vertices - 1)
    let edgesLeft = NASBench101Cell.edgeCounts.upperBound - beginning.edges
    if beginning.vertices == count - 1 {
      for sources in 1...vertexSet
      where beginning.sinks & ~sources == 0 && sources.nonzeroBitCount <= edgesLeft
        && beginning.isCanonical(outputSources: sources)
      {
        body(NASBench101Cell(canonicalCode: beginning.code(outputSources: sources)))
      }
      return
    }
    for sources in 1...vertexSet where sources.nonzeroBitCount < edgesLeft {
      for operation in NASBench101Operation.allCases {
        var longer = beginning
        longer.sources.append(sources)
        longer.operations.append(operation)
        longer.sinks = beginning.sinks & ~sources | 1 << UInt8(beginning.vertices)
        longer.vertices += 1
        longer.edges += sources.nonzeroBitCount
        // With an output behind every vertex, orders differ in the beginning alone.
        if longer.isCanonical(outputSources: UInt8(1 << longer.vertices - 1)) { grow(longer, to: count, body) }
      }
    }
  }
}
